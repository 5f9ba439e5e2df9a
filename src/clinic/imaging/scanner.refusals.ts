import { Field, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';
import { Scanner } from './scanner-profile.type.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'Another scanner has this name or this station AE title.',
})
export class ScannerNameTaken extends Refusal {
  readonly code = 'ScannerNameTaken';

  constructor() {
    super('Another scanner has this name or this station AE title. Both must tell scanners apart.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'One of the calling AE titles already belongs to another scanner.',
})
export class CallingAETitleTaken extends Refusal {
  readonly code = 'CallingAETitleTaken';

  @Field(() => String, { description: 'The title that is taken.' })
  readonly callingAETitle: string;

  constructor(callingAETitle: string) {
    super(
      `The calling AE title ${callingAETitle} already belongs to another scanner. Give each console its own title, or retire the other scanner.`,
    );
    this.callingAETitle = callingAETitle;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A camera has one scanner at a time, and this one has its scanner.',
})
export class CameraHasScanner extends Refusal {
  readonly code = 'CameraHasScanner';

  constructor() {
    super(
      'Another scanner stands at this camera. Name it in `replacesScannerId` to put the new one in its place.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Visits are booked on the camera of this scanner; without it they would be on no worklist.',
})
export class ScannerHasBookings extends Refusal {
  readonly code = 'ScannerHasBookings';

  constructor() {
    super(
      'Visits to come are booked on this scanner’s camera. Move them, or connect another scanner in its place.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody else has revised the scanner since it was read.',
})
export class ScannerChangedMeanwhile extends Refusal {
  readonly code = 'ScannerChangedMeanwhile';

  @Field(() => Scanner, { description: 'The profile as it is now.' })
  readonly current: Scanner;

  constructor(current: Scanner) {
    super('Somebody else has changed this scanner in the meantime. Look at it again, then change it.');
    this.current = current;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A step of this modality is under way; its place among the modalities cannot change now.',
})
export class StepInProgress extends Refusal {
  readonly code = 'StepInProgress';

  @Field(() => String, { description: 'DICOM Modality (0008,0060) of the step that is under way.' })
  readonly modality: string;

  constructor(modality: string) {
    super(
      `A ${modality} step of this scanner is under way. Wait until it has ended, or close it, before ${modality} is taken away or changes its place.`,
    );
    this.modality = modality;
  }
}
