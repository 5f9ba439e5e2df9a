import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DocumentScanState } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** What can be done with a document. */
export const DocumentAction = {
  OPEN: 'OPEN',
  DESCRIBE: 'DESCRIBE',
  ADD_VERSION: 'ADD_VERSION',
  WITHDRAW: 'WITHDRAW',
  RESTORE: 'RESTORE',
} as const;
export type DocumentAction = (typeof DocumentAction)[keyof typeof DocumentAction];

/** How a document stands. */
export const DocumentStatus = { FILED: 'FILED', WITHDRAWN: 'WITHDRAWN', DESTROYED: 'DESTROYED' } as const;
export type DocumentStatus = (typeof DocumentStatus)[keyof typeof DocumentStatus];

registerEnumType(DocumentAction, {
  name: 'DocumentAction',
  description: 'What can be done with a document.',
  valuesMap: {
    OPEN: { description: '`GET /documents/{id}/content`.' },
    DESCRIBE: { description: '`describeDocument` and `setDocumentRetention`.' },
    ADD_VERSION: { description: '`POST /documents/{id}/versions`.' },
    WITHDRAW: { description: '`withdrawDocument`.' },
    RESTORE: { description: '`restoreDocument`.' },
  },
});

registerEnumType(DocumentStatus, {
  name: 'DocumentStatus',
  description: 'How a document stands.',
  valuesMap: {
    FILED: { description: 'It is in its place.' },
    WITHDRAWN: { description: 'Somebody took it out, for a reason; it can be put back.' },
    DESTROYED: { description: 'Its content was destroyed by a rule of retention; a stub is left.' },
  },
});

registerEnumType(DocumentScanState, {
  name: 'DocumentScanState',
  description: 'What the virus scanner says of a content. It decides whether it can be opened.',
  valuesMap: {
    PENDING: { description: 'Not judged yet: it cannot be opened. Asked again until the scanner answers.' },
    CLEAN: { description: 'Nothing was found.' },
    THREATS_FOUND: { description: 'Something was found: it is locked away and will be destroyed.' },
    VALIDATION_FAILED: {
      description:
        'The scanner will not judge it, or what is stored does not fit its seal: it cannot be opened.',
    },
    NOT_SCANNED: {
      description:
        'No scanner was configured when it came. It can be opened unless the settings say otherwise.',
    },
  },
});

const IN_WORDS = {
  FILED: 'is in its place',
  WITHDRAWN: 'has been withdrawn',
  DESTROYED: 'has been destroyed by a rule of retention',
} as const satisfies Record<DocumentStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'The document stands differently from what this needs. Look at it again.',
})
export class DocumentStandsOtherwise extends Refusal {
  readonly code = 'DocumentStandsOtherwise';

  @Field(() => DocumentStatus, { description: 'How it stands.' })
  readonly status: DocumentStatus;

  @Field(() => [DocumentAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly DocumentAction[];

  constructor(status: DocumentStatus, allowedActions: readonly DocumentAction[]) {
    super(`This document ${IN_WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The version that was seen is not the newest any more: somebody changed the document meanwhile.',
})
export class DocumentChangedMeanwhile extends Refusal {
  readonly code = 'DocumentChangedMeanwhile';

  constructor() {
    super('Somebody has changed this document meanwhile. Look at it again before you do more.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The virus scanner cannot be asked about this content.',
})
export class DocumentNotScannable extends Refusal {
  readonly code = 'DocumentNotScannable';
}

/** Why a file is not taken in. */
export const FileProblem = {
  EMPTY: 'EMPTY',
  TOO_LARGE: 'TOO_LARGE',
  TYPE_NOT_ALLOWED: 'TYPE_NOT_ALLOWED',
  NOT_TEXT: 'NOT_TEXT',
  TYPE_DISAGREES: 'TYPE_DISAGREES',
  NAME_DISAGREES: 'NAME_DISAGREES',
  SECOND_NATURE: 'SECOND_NATURE',
  CUT_OFF: 'CUT_OFF',
} as const;
export type FileProblem = (typeof FileProblem)[keyof typeof FileProblem];

/** An answer of the HTTP door and of `storeIn`; the graph takes no files. */
export class FileNotAcceptable extends Refusal {
  readonly code = 'FileNotAcceptable';

  constructor(
    readonly problem: FileProblem,
    message: string,
  ) {
    super(message);
  }
}

/** An answer of the HTTP door: the content is there, and may not be opened. */
export class DocumentNotOpenable extends Refusal {
  readonly code = 'DocumentNotOpenable';

  constructor(
    readonly scanState: DocumentScanState,
    message: string,
  ) {
    super(message);
  }
}

/** An answer of the HTTP door and of `storeIn`: this installation has no key to seal documents with. */
export class DocumentsNotKept extends Refusal {
  readonly code = 'DocumentsNotKept';

  constructor() {
    super('This installation keeps no documents: DOCUMENTS_KEYS is not set.');
  }
}

/** An answer of the HTTP door and of `storeIn`: a document has as many versions as it may have. */
export class TooManyVersions extends Refusal {
  readonly code = 'TooManyVersions';

  constructor(versionsMax: number) {
    super(`A document has at most ${versionsMax} versions. File this one as a document of its own.`);
  }
}
