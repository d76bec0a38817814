import assert from "node:assert/strict";
import { join } from "node:path";
import { columns } from "../../cli/command";
import { run } from "../../rehearsal/tools/run";

const CHECKOUT = join(__dirname, "..", "..");
const command = (file: string, ...argv: string[]) =>
  run(process.execPath, ["-r", "ts-node/register", join("cli", file), ...argv], { cwd: CHECKOUT });

describe("commands as processes", () => {
  for (const file of ["values.ts", "render.ts", "addRegion.ts"]) {
    it(`${file} prints its usage on --help and exits 2 with it on wrong usage`, async () => {
      const [help, wrong] = await Promise.all([command(file, "--help"), command(file, "--wrong")]);
      assert.equal(help.code, 0);
      assert.match(help.stdout, /^npm run [a-z-]+ -- </);
      assert.equal(wrong.code, 2);
      assert.equal(wrong.stdout, "");
      assert.match(wrong.stderr, /^Unknown option '--wrong'/);
      assert.ok(wrong.stderr.endsWith(help.stdout));
    });
  }

  it("prints an operator's mistake as one message and exits 1", async () => {
    const { code, stdout, stderr } = await command("values.ts", "eu-west-9");
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^stack is "eu-west-9"\n {2}rule: .*\n {2}fix: .*\n$/);
  });
});

describe("columns", () => {
  it("is as wide as the widest cell, without trailing space", () => {
    assert.equal(
      columns([
        ["a", "bbb", "c"],
        ["aa", "b"],
      ]),
      "a   bbb  c\naa  b\n",
    );
  });
});
