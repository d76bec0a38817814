import type { Command } from "../../cli/command";

/** Runs a command in this process and gives what it printed. */
export async function outputOf(command: Command, ...argv: string[]): Promise<string> {
  let printed = "";
  await command(argv, { out: (text) => (printed += text), say: () => undefined });
  return printed;
}
