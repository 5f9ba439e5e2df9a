import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { Allow, Permission } from '../auth/permission.type.js';
import {
  ChangeDocumentResult,
  DescribeDocumentInput,
  Document,
  DocumentFilterInput,
  DocumentPage,
  RestoreDocumentInput,
  ScanDocumentAgainInput,
  ScanDocumentAgainResult,
  SetDocumentRetentionInput,
  WithdrawDocumentInput,
} from './document.type.js';
import { DocumentChangeService } from './document-change.service.js';
import { DocumentListService } from './document-list.service.js';
import { CurrentReader, type DocumentReader } from './document-reader.type.js';
import { DocumentRescanService } from './document-rescan.service.js';

@Resolver(() => Document)
export class DocumentResolver {
  constructor(
    @Inject(DocumentListService) private readonly list: DocumentListService,
    @Inject(DocumentChangeService) private readonly changes: DocumentChangeService,
    @Inject(DocumentRescanService) private readonly rescans: DocumentRescanService,
  ) {}

  @Allow(Permission.READ_DOCUMENT)
  @Query(() => Document, {
    description:
      'One document with its versions. Needs READ_DOCUMENT, and the permission to read what it belongs to; NOT_FOUND ' +
      'otherwise. The look is recorded.',
  })
  document(
    @CurrentReader() reader: DocumentReader,
    @Args('id', { type: () => ID, description: 'Id of the document.' }) id: string,
  ) {
    return this.list.document(reader, id);
  }

  @Allow(Permission.READ_DOCUMENT)
  @Query(() => DocumentPage, {
    description:
      'Documents, the last filed first, without those that belong to what the caller may not read. Needs READ_DOCUMENT; ' +
      'the look is recorded.',
  })
  documents(
    @CurrentReader() reader: DocumentReader,
    @Args('filter', { type: () => DocumentFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: DocumentFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.list.documents(reader, filter, page);
  }

  @Allow(Permission.FILE_DOCUMENT)
  @Mutation(() => ChangeDocumentResult, {
    description:
      'Puts the title or the kind of a document right. Needs FILE_DOCUMENT. Refused as DocumentStandsOtherwise or ' +
      'DocumentChangedMeanwhile; BAD_INPUT when neither is given.',
  })
  describeDocument(
    @CurrentReader() reader: DocumentReader,
    @Args('input', { description: 'What it is called.' }) input: DescribeDocumentInput,
  ) {
    return this.changes.describeDocument(reader, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => ChangeDocumentResult, {
    description:
      'Says by which rule of retention a document is kept. Needs MANAGE_RECORDS. Refused as DocumentStandsOtherwise or ' +
      'DocumentChangedMeanwhile.',
  })
  setDocumentRetention(
    @CurrentReader() reader: DocumentReader,
    @Args('input', { description: 'The rule.' }) input: SetDocumentRetentionInput,
  ) {
    return this.changes.setDocumentRetention(reader, input);
  }

  @Allow(Permission.FILE_DOCUMENT)
  @Mutation(() => ChangeDocumentResult, {
    description:
      'Takes a document out of its place, for a reason; it can be put back. Needs FILE_DOCUMENT. Refused as ' +
      'DocumentStandsOtherwise or DocumentChangedMeanwhile.',
  })
  withdrawDocument(
    @CurrentReader() reader: DocumentReader,
    @Args('input', { description: 'The document, and why.' }) input: WithdrawDocumentInput,
  ) {
    return this.changes.withdrawDocument(reader, input);
  }

  @Allow(Permission.FILE_DOCUMENT)
  @Mutation(() => ChangeDocumentResult, {
    description:
      'Puts a withdrawn document back. Needs FILE_DOCUMENT. Refused as DocumentStandsOtherwise or ' +
      'DocumentChangedMeanwhile.',
  })
  restoreDocument(
    @CurrentReader() reader: DocumentReader,
    @Args('input', { description: 'The document.' }) input: RestoreDocumentInput,
  ) {
    return this.changes.restoreDocument(reader, input);
  }

  @Allow(Permission.FILE_DOCUMENT)
  @Mutation(() => ScanDocumentAgainResult, {
    description:
      'Has a version looked at by the virus scanner again; until it has answered, the version cannot be opened. ' +
      'Needs FILE_DOCUMENT. Refused as DocumentNotScannable.',
  })
  scanDocumentAgain(
    @CurrentReader() reader: DocumentReader,
    @Args('input', { description: 'Which version.' }) input: ScanDocumentAgainInput,
  ) {
    return this.rescans.scanDocumentAgain(reader, input);
  }
}
