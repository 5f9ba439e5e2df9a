import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Discipline } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { NoteContent } from './note-content.type.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Your draft was kept in another window since you read it. All texts are here, and yours is kept beside the other: nothing ' +
    'is lost.',
})
export class NoteConflict extends Refusal {
  readonly code = 'NoteConflict';

  @Field(() => ID, { description: 'The section.' })
  readonly sectionId: string;

  @Field(() => Int, {
    description: 'Version of the draft as it is kept. Send it back with the text that is to stand.',
  })
  readonly keptVersion: number;

  @Field(() => NoteContent, { description: 'The text as it is kept.' })
  readonly kept: NoteContent;

  @Field(() => NoteContent, {
    nullable: true,
    description: 'The text that you went on from; null: you began with an empty page.',
  })
  readonly base: NoteContent | null;

  @Field(() => NoteContent, { nullable: true, description: 'The text that you sent; null: you sent none.' })
  readonly yours: NoteContent | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Under which number yours is kept among the versions of your draft; null: you sent none.',
  })
  readonly yoursKeptAs: number | null;

  constructor(
    conflict: Pick<NoteConflict, 'sectionId' | 'keptVersion' | 'kept' | 'base' | 'yours' | 'yoursKeptAs'>,
  ) {
    super('Your draft has changed since you read it. Look at both texts, and keep the one that is to stand.');
    this.sectionId = conflict.sectionId;
    this.keptVersion = conflict.keptVersion;
    this.kept = conflict.kept;
    this.base = conflict.base;
    this.yours = conflict.yours;
    this.yoursKeptAs = conflict.yoursKeptAs;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'It is signed already. What is signed is never written in again: add to it once it is locked.',
})
export class NoteAlreadySigned extends Refusal {
  readonly code = 'NoteAlreadySigned';

  @Field(() => NoteContent, { nullable: true, description: 'The text that you sent; null: you sent none.' })
  readonly yours: NoteContent | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Under which number yours is kept among the versions of your draft; null: you sent none.',
  })
  readonly yoursKeptAs: number | null;

  constructor(yours: NoteContent | null, yoursKeptAs: number | null) {
    super('This is signed, and stays as it was signed. Lock it, and add what is missing.');
    this.yours = yours;
    this.yoursKeptAs = yoursKeptAs;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'You have put this draft away.' })
export class NoteDraftDiscarded extends Refusal {
  readonly code = 'NoteDraftDiscarded';

  @Field(() => NoteContent, { nullable: true, description: 'The text that you sent; null: you sent none.' })
  readonly yours: NoteContent | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Under which number yours is kept among the versions of your draft; null: you sent none.',
  })
  readonly yoursKeptAs: number | null;

  constructor(yours: NoteContent | null, yoursKeptAs: number | null) {
    super(
      'You have put this draft away. Begin another one in the same note; what you wrote is among its versions.',
    );
    this.yours = yours;
    this.yoursKeptAs = yoursKeptAs;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'You do not practise in this discipline on this day, as far as it is recorded.',
})
export class DisciplineNotHeld extends Refusal {
  readonly code = 'DisciplineNotHeld';

  @Field(() => Discipline, { description: 'The discipline that was asked for.' })
  readonly discipline: Discipline;

  @Field(() => [Discipline], { description: 'In which you practise on this day.' })
  readonly held: readonly Discipline[];

  constructor(discipline: Discipline, held: readonly Discipline[]) {
    super(
      'It is not recorded that you practise in this discipline today. Write in one of yours, or have an administrator record it.',
    );
    this.discipline = discipline;
    this.held = held;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'This is somebody else’s.' })
export class NotTheAuthor extends Refusal {
  readonly code = 'NotTheAuthor';

  constructor() {
    super('Only its author does that. Write in a section of your own, or add to this one once it is locked.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The fingerprint is not that of the text that would be signed.',
})
export class NoteNotAsSeen extends Refusal {
  readonly code = 'NoteNotAsSeen';

  constructor() {
    super('This is not the fingerprint of the draft. Read it again, and sign what you have read.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something is missing, or does not go together.',
})
export class NoteIncomplete extends Refusal {
  readonly code = 'NoteIncomplete';

  @Field(() => [String], { description: 'What stands in the way: sentences that say what to do.' })
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`This cannot be signed yet. ${problems.join(' ')}`);
    this.problems = problems;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'It is not signed.' })
export class NoteNotSigned extends Refusal {
  readonly code = 'NoteNotSigned';

  constructor() {
    super('This is not signed. Its author signs it first.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'It is signed and not locked yet.' })
export class NoteNotLocked extends Refusal {
  readonly code = 'NoteNotLocked';

  constructor() {
    super(
      'This is signed and not locked yet. Its author locks it, or it locks itself before long; write in a section of your own until then.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'It is locked already.' })
export class NoteAlreadyLocked extends Refusal {
  readonly code = 'NoteAlreadyLocked';

  constructor() {
    super('This is locked already.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Somebody has added to it since you read it.' })
export class NoteChangedMeanwhile extends Refusal {
  readonly code = 'NoteChangedMeanwhile';

  @Field(() => Int, { description: 'How many addenda there are now.' })
  readonly addendaCount: number;

  constructor(addendaCount: number) {
    super('Somebody has added to this since you read it. Read that first.');
    this.addendaCount = addendaCount;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'It is said already that it was entered in error.' })
export class AlreadyEnteredInError extends Refusal {
  readonly code = 'AlreadyEnteredInError';

  constructor() {
    super('It is said already that this was entered in error.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The key was used for another note. A key belongs to one note.',
})
export class NoteKeyReused extends Refusal {
  readonly code = 'NoteKeyReused';

  constructor() {
    super('This Idempotency-Key was used for another note. Send a new one with a new note.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Whoever may read notes may read this one: only psychology is shared by name.',
})
export class NoteNeedsNoSharing extends Refusal {
  readonly code = 'NoteNeedsNoSharing';

  constructor() {
    super(
      'Only psychology notes are shared by name. Colleagues who may read notes read this one once it is signed.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'They may read it already.' })
export class NoteAlreadyShared extends Refusal {
  readonly code = 'NoteAlreadyShared';

  constructor() {
    super('They may read this already: it is theirs, they are a psychologist, or it is shared with them.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'They may not read psychology notes, whoever shares them.',
})
export class ReaderNotAllowed extends Refusal {
  readonly code = 'ReaderNotAllowed';

  constructor() {
    super(
      'Their role does not let them read psychology notes. Choose a clinician or a member of the team with an account that is open.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The sharing was ended before.' })
export class NoteShareEnded extends Refusal {
  readonly code = 'NoteShareEnded';

  constructor() {
    super('This sharing was ended before.');
  }
}
