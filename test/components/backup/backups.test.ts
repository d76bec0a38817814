import assert from "node:assert/strict";
import { regionNames } from "../../../infra/config/names";
import { Backups } from "../../../infra/components/backup/backups";
import { MockEngine } from "../../../doubles/mocks";
import { fleet } from "../support/fleet";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const RESOURCES = [
  "arn:aws:rds:eu-west-1:111122223333:cluster:production-eu-west-1",
  "arn:aws:s3:::acme-production-eu-west-1-data",
];
const tags = { Project: "multi-region-eks" };

const run = (deletionProtection = true) =>
  MockEngine.run(
    { region: "eu-west-1" },
    () =>
      new Backups("backups", {
        names: regionNames(fleet, "eu-west-1"),
        resourceArns: RESOURCES,
        retentionDays: 35,
        kmsKeyArn: KEY,
        deletionProtection,
        tags,
      }),
  );

describe("Backups", () => {
  it("keeps recovery points in an encrypted, protected vault", async () => {
    const vault = (await run()).one("aws:backup/vault:Vault");
    assert.deepEqual(vault.inputs, {
      name: "production-eu-west-1",
      kmsKeyArn: KEY,
      forceDestroy: false,
      tags,
    });
    assert.equal(vault.options.protect, true);
  });

  it("deletes them with the vault only where deletion protection is off", async () => {
    const vault = (await run(false)).one("aws:backup/vault:Vault");
    assert.equal(vault.inputs.forceDestroy, true);
    assert.notEqual(vault.options.protect, true);
  });

  it("backs up every day and keeps it as long as told", async () => {
    assert.deepEqual((await run()).one("aws:backup/plan:Plan").inputs.rules, [
      {
        ruleName: "daily",
        targetVaultName: "production-eu-west-1",
        schedule: "cron(0 3 * * ? *)",
        startWindow: 60,
        completionWindow: 360,
        lifecycle: { deleteAfter: 35 },
        recoveryPointTags: tags,
      },
    ]);
  });

  it("selects the given resources by ARN, once the role may back them up", async () => {
    const mocks = await run();
    const selection = mocks.one("aws:backup/selection:Selection");
    assert.deepEqual(selection.inputs.resources, RESOURCES);
    assert.equal("selectionTags" in selection.inputs, false);
    const policies = mocks.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    for (const { urn } of policies) assert.ok(selection.options.dependsOn.includes(urn));
  });

  it("runs as a role of the region's name with AWS's policies, S3's included", async () => {
    const mocks = await run();
    assert.equal(mocks.one("aws:iam/role:Role").inputs.name, "production-eu-west-1-backup");
    assert.deepEqual(
      mocks
        .of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        .map(({ inputs }): unknown => inputs.policyArn),
      [
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
      ],
    );
  });
});
