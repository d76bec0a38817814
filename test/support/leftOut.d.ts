declare const reasons: Set<string>;
export = reasons;
