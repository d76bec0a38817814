/** What an operator needs to know to mend a wrong configuration. */
export interface OperatorErrorArgs {
  /** Where the value stands, such as `Pulumi.global.yaml: regions.eu-west-1.traffic`. */
  key: string;
  /** The offending value, quoted as the operator wrote it; omitted where there is none. Never a secret. */
  value?: unknown;
  /** The rule that the value breaks, one sentence. */
  rule: string;
  /** What to do about it, one sentence. */
  fix: string;
}

/**
 * The one error class for mistakes that an operator can mend: bad config, a missing stack, an
 * unreachable tool. Its message says key, value, rule and fix; entries print it without a stack trace.
 */
export class OperatorError extends Error {
  readonly details: Readonly<OperatorErrorArgs>;

  constructor(details: OperatorErrorArgs) {
    super(formatOperatorError(details));
    this.name = "OperatorError";
    this.details = details;
  }
}

function formatOperatorError({ key, value, rule, fix }: OperatorErrorArgs): string {
  const at = value === undefined ? key : `${key} is ${JSON.stringify(value)}`;
  return `${at}\n  rule: ${rule}\n  fix:  ${fix}`;
}

/** Several problems found at once, reported as one message so that an operator mends them in one go. */
export function throwAll(problems: readonly OperatorErrorArgs[]): void {
  const [first, ...rest] = problems;
  if (first === undefined) return;
  if (rest.length === 0) throw new OperatorError(first);
  const error = new OperatorError(first);
  error.message = problems.map(formatOperatorError).join("\n");
  throw error;
}
