import { overlaps, parseCidr, readCidr } from "./cidr";
import type { OperatorErrorArgs } from "./errors";
import type { Fleet } from "./fleet";
import { fleetFile } from "./load";

/** The account that AWS's own examples use. */
const EXAMPLE_ACCOUNT = "111122223333";

/** Blocks for documentation, RFC 5737. */
const EXAMPLE_CIDRS = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map(parseCidr);

/** Names for documentation, RFC 2606, and what stands under them. */
const EXAMPLE_DOMAIN = /(^|\.)example\.(com|net|org)$|\.example$/;

/** A repository of nobody's: GitHub's organisation "example". */
const EXAMPLE_REPOSITORY = /[/:]example\//;

/** Values of the fleet's file that stand for a user's own ("Make it yours" in the README). */
export function findPlaceholders(fleet: Fleet): OperatorErrorArgs[] {
  const file = fleetFile(fleet.environment);
  const problem = (key: string, value: string, what: string, fix: string): OperatorErrorArgs => ({
    key: `${file}: ${key}`,
    value,
    rule: `a placeholder stands for ${what}; a real update needs the real value`,
    fix,
  });
  const found: OperatorErrorArgs[] = [];
  if (fleet.organisation === "example") {
    const what = "your organisation's short name";
    found.push(problem("organisation", fleet.organisation, what, "write your own"));
  }
  if (EXAMPLE_DOMAIN.test(fleet.domain)) {
    const what = "your public domain";
    found.push(problem("domain", fleet.domain, what, "write a domain that you own"));
  }
  const { id } = fleet.zone;
  if (id?.startsWith("Z0EXAMPLE")) {
    const what = "the id of your hosted zone";
    const command = `aws route53 list-hosted-zones-by-name --dns-name ${fleet.domain}`;
    found.push(problem("zone.id", id, what, `write the id that \`${command}\` gives`));
  }
  fleet.operators.forEach(({ roleArn }, index) => {
    if (!roleArn.includes(`:${EXAMPLE_ACCOUNT}:`)) return;
    const what = "a role of your account";
    const fix = "write the ARN of a role that operates your clusters";
    found.push(problem(`operators[${index}].roleArn`, roleArn, what, fix));
  });
  fleet.apiAllowedCidrs.forEach((value, index) => {
    const cidr = readCidr(value);
    if (cidr === undefined || !EXAMPLE_CIDRS.some((example) => overlaps(example, cidr))) return;
    const what = "the addresses of your VPN and CI runners";
    found.push(problem(`apiAllowedCidrs[${index}]`, value, what, "write your own"));
  });
  const repository = fleet.delivery?.repository;
  if (repository !== undefined && EXAMPLE_REPOSITORY.test(repository)) {
    const what = "the Git repository that Argo CD reads";
    const fix = "write your repository's URL, or leave `delivery` out where Pulumi delivers";
    found.push(problem("delivery.repository", repository, what, fix));
  }
  return found;
}
