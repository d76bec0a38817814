import * as aws from "@pulumi/aws";

/** Engine of every member of the Global Database. */
export const ENGINE = aws.rds.EngineType.AuroraPostgresql;

/**
 * 17.7 is a long-term support release of Aurora PostgreSQL (AuroraPostgreSQL.Updates.LTS in the Aurora
 * guide). Global Database, switchover and the global writer endpoint come with every 17 from 17.4,
 * write forwarding with every 16 and later (aurora-global-database-write-forwarding-apg).
 *
 * Members of a Global Database run one version, so this is the only place that says it: the data
 * home's `aws.rds.GlobalCluster` upgrades all members, which therefore ignore changes of theirs.
 */
export const ENGINE_VERSION = "17.7";

/** Parameter group family of {@link ENGINE_VERSION}'s major version. */
export const PARAMETER_FAMILY = "aurora-postgresql17";

export const DATABASE_PORT = 5432;

/** Name of the database that the data home creates; replicated to every member. */
export const DATABASE_NAME = "app";

/** Master user; RDS does not change it after creation. */
export const MASTER_USERNAME = "platform";
