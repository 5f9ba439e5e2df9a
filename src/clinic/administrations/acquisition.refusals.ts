import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Nothing was acquired for a scan that stands so: it was cancelled, or the patient did not come.',
})
export class NothingAcquired extends Refusal {
  readonly code = 'NothingAcquired';

  @Field(() => ScanBookingStatus, { description: 'Where the scan stands.' })
  readonly status: ScanBookingStatus;

  constructor(status: ScanBookingStatus) {
    super(
      `Nothing can have been acquired for this scan: it is ${status}. Look whether it is the right booking.`,
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The figures do not go together: the dose-length product is the CTDIvol times the length of the scan, and no scan is that short or that long. Often a unit or a decimal point.',
})
export class CtDoseImplausible extends Refusal {
  readonly code = 'CtDoseImplausible';

  constructor(lengthCm: number) {
    super(
      `By these figures ${Math.round(lengthCm * 10) / 10} cm were scanned. Read CTDIvol (mGy) and DLP (mGy·cm) again from the console.`,
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The entry was replaced or taken back already. Look at the one that stands in its place.',
})
export class CtDoseReplaced extends Refusal {
  readonly code = 'CtDoseReplaced';

  @Field(() => ID, {
    nullable: true,
    description: 'The entry that stands in its place; null: it was replaced at this moment.',
  })
  readonly replacedById: string | null;

  constructor(replacedById: string | null = null) {
    super('This entry was replaced or taken back already. Look at the one that stands in its place.');
    this.replacedById = replacedById;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The acquisition is said to have ended before it began, at a time that has not come yet, or on another day than the scan.',
})
export class AcquisitionTimesImplausible extends Refusal {
  readonly code = 'AcquisitionTimesImplausible';

  constructor(why: string) {
    super(why);
  }
}
