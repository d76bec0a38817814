import type { OperatorErrorArgs } from "./errors";
import type { Fleet } from "./fleet";
import { checkApiCidrs, checkRegionCidrs } from "./fleetCidrs";
import { fleetFile } from "./load";
import { allOf, nearest, nearestRegion, oneOf } from "./wording";

/** What the checks need to know of a service; the catalogue's entries say more. */
export interface PlacedService {
  name: string;
  placement: "everywhere" | "home";
}

/** Everything in the fleet's file that no schema can say, checked without a cloud. */
export function checkFleet(
  fleet: Fleet,
  services: readonly PlacedService[],
): readonly OperatorErrorArgs[] {
  const file = fleetFile(fleet.environment);
  if (Object.keys(fleet.regions).length === 0) {
    const [rule, fix] = ["a fleet has at least one region", "add a region with its cidr and zones"];
    return [{ key: `${file}: regions`, value: {}, rule, fix }];
  }
  return [
    checkDataHome,
    checkGlobalRegion,
    checkRegionCidrs,
    checkZones,
    checkHosts,
    checkHostedZone,
    checkApiCidrs,
    checkOperators,
    (at: Fleet, name: string) => checkHomes(at, name, services),
  ].flatMap((check) => check(fleet, file));
}

function checkDataHome({ regions, dataHome }: Fleet, file: string): OperatorErrorArgs[] {
  if (Object.hasOwn(regions, dataHome)) return [];
  return [unknownRegion(`${file}: dataHome`, dataHome, Object.keys(regions))];
}

function checkGlobalRegion({ regions, observability }: Fleet, file: string): OperatorErrorArgs[] {
  const region = observability?.globalRegion;
  if (region === undefined || Object.hasOwn(regions, region)) return [];
  return [unknownRegion(`${file}: observability.globalRegion`, region, Object.keys(regions))];
}

function checkZones({ regions }: Fleet, file: string): OperatorErrorArgs[] {
  return Object.entries(regions).flatMap(([region, { zones }]) =>
    zones.flatMap((zone, index): OperatorErrorArgs[] => {
      const key = `${file}: regions.${region}.zones[${index}]`;
      if (zone.slice(0, -1) !== region) {
        const rule = `the zones of ${region} are named ${region}<letter>`;
        return [{ key, value: zone, rule, fix: `write a zone of ${region}` }];
      }
      if (zones.indexOf(zone) === index) return [];
      const rule = "a region has three different zones";
      return [{ key, value: zone, rule, fix: `write another zone of ${region}` }];
    }),
  );
}

function checkHosts({ hosts, regions }: Fleet, file: string): OperatorErrorArgs[] {
  return hosts.flatMap((value, index): OperatorErrorArgs[] => {
    const key = `${file}: hosts[${index}]`;
    if (hosts.indexOf(value) !== index) {
      return [{ key, value, rule: "a host is listed once", fix: "remove it" }];
    }
    if (!Object.hasOwn(regions, value)) return [];
    const rule = "no host has a region's name: <region>.<domain> is the region's own";
    return [{ key, value, rule, fix: "rename the host" }];
  });
}

function checkHostedZone({ zone, domain }: Fleet, file: string): OperatorErrorArgs[] {
  if (zone.source === "create" || zone.id !== undefined) return [];
  return [
    {
      key: `${file}: zone.id`,
      rule: "required where zone.source is existing: certificates are validated in the zone without a look-up",
      fix: `add the id of ${domain}'s hosted zone (\`aws route53 list-hosted-zones-by-name --dns-name ${domain}\`)`,
    },
  ];
}

/** EKS holds one access entry per role and cluster. */
function checkOperators({ operators }: Fleet, file: string): OperatorErrorArgs[] {
  const roles = operators.map(({ roleArn }) => roleArn);
  return roles.flatMap((value, index) => {
    if (roles.indexOf(value) === index) return [];
    const rule = "a role has one access entry on a cluster";
    const fix = "keep the entry with the access that the role needs";
    return [{ key: `${file}: operators[${index}].roleArn`, value, rule, fix }];
  });
}

function checkHomes(
  { homes, regions }: Fleet,
  file: string,
  services: readonly PlacedService[],
): OperatorErrorArgs[] {
  const homed = services.filter(({ placement }) => placement === "home").map(({ name }) => name);
  const wrong = Object.entries(homes).flatMap(([service, region]): OperatorErrorArgs[] => {
    const key = `${file}: homes.${service}`;
    if (!homed.includes(service)) return [noHomedService(key, region, service, homed, services)];
    return Object.hasOwn(regions, region) ? [] : [unknownRegion(key, region, Object.keys(regions))];
  });
  const homeless = homed
    .filter((service) => !Object.hasOwn(homes, service))
    .map((service) => ({
      key: `${file}: homes.${service}`,
      rule: "a service that the catalogue places at home has a home region; this one is homed nowhere",
      fix: `add ${service}: ${oneOf(Object.keys(regions))}`,
    }));
  return [...wrong, ...homeless];
}

function noHomedService(
  key: string,
  value: string,
  service: string,
  homed: readonly string[],
  services: readonly PlacedService[],
): OperatorErrorArgs {
  if (services.some(({ name }) => name === service)) {
    const rule = `${service} runs everywhere; only services that the catalogue places at home have one`;
    return { key, value, rule, fix: "remove it, or place the service at home in the catalogue" };
  }
  const meant = nearest(service, homed);
  const fix = meant === undefined ? "remove it" : `rename it to ${meant}`;
  const rule = `unknown service; the homed services are ${allOf(homed)}`;
  return { key, value, rule, fix };
}

function unknownRegion(key: string, value: string, known: readonly string[]): OperatorErrorArgs {
  const fix = `write ${nearestRegion(value, known) ?? oneOf(known)}`;
  return { key, value, rule: `must be a region of the fleet: ${oneOf(known)}`, fix };
}
