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
  /** Everything that is wrong; more than one where problems were found together. */
  readonly problems: readonly OperatorErrorArgs[];
  /** The first of them. */
  readonly details: Readonly<OperatorErrorArgs>;

  constructor(details: OperatorErrorArgs, ...others: OperatorErrorArgs[]) {
    super(formatProblems([details, ...others]));
    this.name = "OperatorError";
    this.details = details;
    this.problems = [details, ...others];
  }
}

/** Problems as an operator reads them. */
export function formatProblems(problems: readonly OperatorErrorArgs[]): string {
  return problems.map(formatProblem).join("\n");
}

function formatProblem({ key, value, rule, fix }: OperatorErrorArgs): string {
  const at = value === undefined ? key : `${key} is ${JSON.stringify(value)}`;
  return `${at}\n  rule: ${rule}\n  fix:  ${fix}`;
}

/** Several problems found at once, reported as one message so that an operator mends them in one go. */
export function throwAll(problems: readonly OperatorErrorArgs[]): void {
  const [first, ...rest] = problems;
  if (first !== undefined) throw new OperatorError(first, ...rest);
}
