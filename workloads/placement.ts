import type { Service } from "./catalogue";

/** What decides which services run in one region. */
export interface PlacementArgs {
  region: string;
  services: readonly Service[];
  /** Home region by service (fleet file). */
  homes: Readonly<Record<string, string>>;
  /** Home regions whose homed services this region runs as well (stack file). */
  takeover: readonly string[];
}

/** A service that runs in a region, and the reason that a preview or a table may state. */
export interface Placed {
  service: Service;
  /** `takeover`: homed elsewhere, runs here because the stack file says so. */
  because: "everywhere" | "home" | "takeover";
}

/**
 * The services of one region, in the catalogue's order: those that run everywhere, those homed here,
 * and those homed in a region that this one takes over. Each stands once.
 * That every homed service has a home in the fleet is checked with the fleet (infra/config).
 */
export function servicesIn({ region, services, homes, takeover }: PlacementArgs): Placed[] {
  return services.flatMap((service): Placed[] => {
    if (service.placement === "everywhere") return [{ service, because: "everywhere" }];
    const home = homeOf(service, homes);
    if (home === region) return [{ service, because: "home" }];
    return takeover.includes(home) ? [{ service, because: "takeover" }] : [];
  });
}

function homeOf({ name }: Service, homes: Readonly<Record<string, string>>): string {
  const home = homes[name];
  if (home !== undefined) return home;
  throw new Error(`${name} has no home region; the fleet's checks (checkFleet) come first`);
}
