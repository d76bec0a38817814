import { join } from "node:path";
import { runProgram } from "./program";

/** What `pulumi` runs: the project's root is this file's parent folder. */
export = () => runProgram({ projectRoot: join(__dirname, "..") });
