/**
 * Why this process cannot start, in a sentence for the person who started it. Thrown before the doors open;
 * `main.ts` prints the message without a stack and exits with a non-zero code.
 */
export class StartupError extends Error {
  override readonly name: string = 'StartupError';
}

/** The environment cannot be used: every problem at once, one a line. */
export class ConfigError extends StartupError {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
