import * as pulumi from "@pulumi/pulumi";
import { DATABASE_NAME, DATABASE_PORT, MASTER_USERNAME } from "./engine";

/**
 * The value of the database secret, as RDS Proxy and AWS's drivers read it. It names no host, because
 * one secret serves every region: endpoints are configuration, credentials are not.
 */
export function databaseCredentials(masterPassword: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(
    pulumi.jsonStringify({
      username: MASTER_USERNAME,
      password: masterPassword,
      engine: "postgres",
      port: DATABASE_PORT,
      dbname: DATABASE_NAME,
    }),
  );
}
