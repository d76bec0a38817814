import { refuse } from "../refusal";
import { type Props, text } from "../values";

/** Versions of Aurora PostgreSQL that can be created. */
const AURORA_POSTGRESQL = [
  "13.18",
  "13.20",
  "13.21",
  "13.22",
  "13.23",
  "14.15",
  "14.17",
  "14.18",
  "14.19",
  "14.20",
  "15.10",
  "15.12",
  "15.13",
  "15.14",
  "15.15",
  "16.6",
  "16.8",
  "16.9",
  "16.10",
  "16.11",
  "17.4",
  "17.5",
  "17.6",
  "17.7",
];

/** Sizes of each instance family that Aurora PostgreSQL can be ordered with. */
const AURORA_CLASSES: Record<string, string[]> = {
  t3: ["medium", "large"],
  t4g: ["medium", "large"],
  r5: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"],
  r6g: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
  r6i: [
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "32xlarge",
  ],
  r7g: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
  r7i: [
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "48xlarge",
  ],
  r8g: [
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
    "48xlarge",
  ],
  x2g: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
};

export function validEngine(inputs: Props): void {
  const engine = text(inputs, "engine");
  if (engine !== undefined && engine !== "aurora-postgresql" && engine !== "aurora-mysql") {
    refuse(`engine "${engine}" is not an Aurora engine`, "engine");
  }
  const version = text(inputs, "engineVersion");
  if (engine !== "aurora-postgresql" || version === undefined) return;
  const major = /^\d+$/.test(version);
  if (
    !AURORA_POSTGRESQL.some(
      (known) => known === version || (major && known.startsWith(`${version}.`)),
    )
  ) {
    refuse(`Cannot find version ${version} for aurora-postgresql`, "engineVersion");
  }
}

export function validClass(inputs: Props): void {
  const name = text(inputs, "instanceClass");
  if (name === undefined || name === "db.serverless") return;
  const [, family = "", size = ""] = name.split(".");
  if (!name.startsWith("db.") || !AURORA_CLASSES[family]?.includes(size)) {
    refuse(
      `InvalidParameterCombination: RDS does not support creating a DB instance with class ${name} and engine aurora-postgresql`,
      "instanceClass",
    );
  }
}
