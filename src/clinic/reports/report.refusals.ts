import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { ReportContent } from './report-content.type.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'There is nothing to evaluate: the scan has not begun, or did not take place.',
})
export class ScanNotPerformed extends Refusal {
  readonly code = 'ScanNotPerformed';

  @Field(() => ScanBookingStatus, { description: 'Where the scan stands.' })
  readonly scanStatus: ScanBookingStatus;

  constructor(scanStatus: ScanBookingStatus) {
    super(
      'There is nothing to evaluate: sign when the scan has begun. A scan that did not take place has no report.',
    );
    this.scanStatus = scanStatus;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Your draft was kept in another window since you read it. Both texts are here: nothing is lost.',
})
export class ReportDraftChanged extends Refusal {
  readonly code = 'ReportDraftChanged';

  @Field(() => Int, {
    description: 'Version of the draft as it is kept. Send it back with the text that is to stand.',
  })
  readonly keptVersion: number;

  @Field(() => ReportContent, { description: 'The text as it is kept.' })
  readonly kept: ReportContent;

  @Field(() => ReportContent, { nullable: true, description: 'The text that you sent; null: you sent none.' })
  readonly yours: ReportContent | null;

  constructor(keptVersion: number, kept: ReportContent, yours: ReportContent | null) {
    super('Your draft has changed since you read it. Look at both texts, and keep the one that is to stand.');
    this.keptVersion = keptVersion;
    this.kept = kept;
    this.yours = yours;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'It is signed already. What is signed is never edited: add to it.',
})
export class ReportAlreadySigned extends Refusal {
  readonly code = 'ReportAlreadySigned';

  @Field(() => Int, { description: 'Number of the signed version that stands.' })
  readonly version: number;

  constructor(version: number) {
    super('This report is signed already, and stays as it was signed. Add a note to it, or correct it.');
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has signed or corrected the report since you read it.',
})
export class ReportChangedMeanwhile extends Refusal {
  readonly code = 'ReportChangedMeanwhile';

  @Field(() => Int, { description: 'Number of the signed version that stands now; 0: none.' })
  readonly version: number;

  constructor(version: number) {
    super(
      'Another version of this report stands now than the one that you have seen. Read it, and go on from there.',
    );
    this.version = version;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'You have no draft of this report.' })
export class NoReportDraft extends Refusal {
  readonly code = 'NoReportDraft';

  constructor() {
    super(
      'You have no draft of this report. Write it first: everybody signs what they have written themselves.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something is missing, or does not go together.',
})
export class ReportIncomplete extends Refusal {
  readonly code = 'ReportIncomplete';

  @Field(() => [String], { description: 'What stands in the way: sentences that say what to do.' })
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`This cannot be signed yet. ${problems.join(' ')}`);
    this.problems = problems;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'You are not entitled to evaluate images of this kind on this day.',
})
export class NotEntitledToEvaluate extends Refusal {
  readonly code = 'NotEntitledToEvaluate';

  constructor(reason: string) {
    super(reason);
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Nothing of the report is signed.' })
export class ReportNotSigned extends Refusal {
  readonly code = 'ReportNotSigned';

  constructor() {
    super('Nothing of this report is signed yet. Write and sign it first.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Only a preliminary text is signed.',
})
export class ReportNotFinal extends Refusal {
  readonly code = 'ReportNotFinal';

  constructor() {
    super('Only a preliminary text of this report is signed. Sign the final one first.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The patient has been sent this version already.',
})
export class ReportAlreadyReleased extends Refusal {
  readonly code = 'ReportAlreadyReleased';

  constructor() {
    super(
      'A copy of this version was released to the patient already. Send the letter again if it did not arrive.',
    );
  }
}
