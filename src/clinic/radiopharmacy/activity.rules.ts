/** A curie is 3.7e10 decays a second, exactly. */
const MBQ_PER_MCI = 37;
const KBQ_PER_MBQ = 1_000;
const BQ_PER_MBQ = 1_000_000;

/** Units in which an activity may be stated. It is kept in MBq whatever it came in. */
export const ActivityUnit = { MBQ: 'MBQ', KBQ: 'KBQ', MCI: 'MCI' } as const;
export type ActivityUnit = (typeof ActivityUnit)[keyof typeof ActivityUnit];

/**
 * An amount of radioactivity. It is made with its unit and read with its unit, so that a bare number can never be taken
 * for another one, and is kept in MBq. Never less than nothing.
 */
export class Activity {
  readonly #mbq: number;

  private constructor(mbq: number) {
    if (!Number.isFinite(mbq) || mbq < 0) throw new RangeError('an activity is a number of at least 0');
    this.#mbq = mbq;
  }

  static ofMbq(mbq: number): Activity {
    return new Activity(mbq);
  }

  static ofKbq(kbq: number): Activity {
    return new Activity(kbq / KBQ_PER_MBQ);
  }

  static ofMci(mci: number): Activity {
    return new Activity(mci * MBQ_PER_MCI);
  }

  static ofBq(bq: number): Activity {
    return new Activity(bq / BQ_PER_MBQ);
  }

  static of(value: number, unit: ActivityUnit): Activity {
    switch (unit) {
      case 'MBQ':
        return Activity.ofMbq(value);
      case 'KBQ':
        return Activity.ofKbq(value);
      case 'MCI':
        return Activity.ofMci(value);
      default:
        return unit satisfies never;
    }
  }

  get mbq(): number {
    return this.#mbq;
  }

  get kbq(): number {
    return this.#mbq * KBQ_PER_MBQ;
  }

  get mci(): number {
    return this.#mbq / MBQ_PER_MCI;
  }

  /** As DICOM's PET attributes have it; those of nuclear medicine have MBq. */
  get bq(): number {
    return this.#mbq * BQ_PER_MBQ;
  }

  /** Nothing, where the other is more. */
  minus(other: Activity): Activity {
    return new Activity(Math.max(0, this.#mbq - other.#mbq));
  }

  times(factor: number): Activity {
    return new Activity(this.#mbq * factor);
  }
}
