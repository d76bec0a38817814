import type { Fleet } from "../../../infra/config/fleet";

/** A fleet of two regions, for physical names. */
export const fleet: Fleet = {
  environment: "production",
  organisation: "acme",
  domain: "example.com",
  zone: { source: "existing", id: "Z0123456789ABCDEFGHIJ" },
  hosts: ["api", "media"],
  dataHome: "us-east-1",
  regions: {
    "us-east-1": { cidr: "10.16.0.0/16", zones: ["us-east-1a", "us-east-1b", "us-east-1c"] },
    "eu-west-1": { cidr: "10.17.0.0/16", zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
  },
  homes: {},
  operators: [],
  apiAllowedCidrs: ["203.0.113.0/24"],
  alarmEmails: [],
};
