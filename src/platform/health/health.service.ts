import { Injectable } from '@nestjs/common';

/** Says whether one part of this process can do its work now. Must answer by itself; a throw counts as no. */
export type HealthCheck = () => Promise<boolean>;

// A probe that hangs must not hang its asker: orchestrators give a few seconds.
const CHECK_TIMEOUT_MS = 3_000;

@Injectable()
export class HealthService {
  private readonly checks = new Map<string, HealthCheck>();
  private readonly figures = new Map<string, () => Promise<number>>();
  private closing = false;

  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** A number that a person should look at when it is not what it is on a good day. It never makes the process unready. */
  registerFigure(name: string, read: () => Promise<number>): void {
    this.figures.set(name, read);
  }

  /** From now on not ready: new work goes elsewhere while what is under way ends. */
  startClosing(): void {
    this.closing = true;
  }

  /** Each part by name, true when it answers. */
  async check(): Promise<Readonly<Record<string, boolean>>> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await withinTime(check, false)] as const),
    );
    return Object.fromEntries([...results, ['open', !this.closing]]);
  }

  /** Each figure by name; null when it cannot be read now. */
  async readFigures(): Promise<Readonly<Record<string, number | null>>> {
    const results = await Promise.all(
      [...this.figures].map(
        async ([name, read]) => [name, await withinTime<number | null>(read, null)] as const,
      ),
    );
    return Object.fromEntries(results);
  }
}

async function withinTime<Answer>(ask: () => Promise<Answer>, otherwise: Answer): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([ask(), timeout]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
