import pg from 'pg';

let counting: Promise<unknown> = Promise.resolve();

/** How many statements are sent to PostgreSQL meanwhile, by whatever connection. One count at a time. */
export function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const counted = counting.then(async () => {
    const { query } = pg.Client.prototype;
    let count = 0;
    pg.Client.prototype.query = new Proxy(query, {
      apply: (target, self, values) => {
        count += 1;
        return Reflect.apply(target, self, values);
      },
    });
    try {
      await work();
      return count;
    } finally {
      pg.Client.prototype.query = query;
    }
  });
  counting = counted.catch(() => undefined);
  return counted;
}
