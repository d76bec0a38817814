import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const CHECKOUT = join(__dirname, "..", "..");

/** A copy of the checkout's config and workloads that a test may change. */
export class ProjectCopy {
  readonly root = mkdtempSync(join(tmpdir(), "project-"));

  constructor() {
    const files = readdirSync(CHECKOUT).filter((name) => /^Pulumi(\..+)?\.yaml$/.test(name));
    for (const path of [...files, "fleet", "workloads/values", "workloads/charts"]) {
      cpSync(join(CHECKOUT, path), join(this.root, path), { recursive: true });
    }
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  append(file: string, text: string): void {
    appendFileSync(join(this.root, file), text);
  }

  edit(file: string, change: (text: string) => string): void {
    const path = join(this.root, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
