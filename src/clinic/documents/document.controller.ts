import {
  Controller,
  Get,
  Head,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InputPipe } from '../../platform/graphql/input.pipe.js';
import { closeUnlessRead, FaultAnswer, UNSHARED } from '../../platform/http/fault-answer.js';
import { SessionGuard } from '../../platform/http/session-guard.js';
import { readUpload } from '../../platform/http/upload.js';
import { UploadAddresses } from '../../platform/http/uploads.module.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Allow, Permission } from '../auth/permission.type.js';
import {
  DocumentNotOpenable,
  DocumentsNotKept,
  FileNotAcceptable,
  FileProblem,
} from './document.refusals.js';
import { DocumentService } from './document.service.js';
import { FileDocumentForm, type FiledDocument } from './document.type.js';
import { type ContentFacts, DocumentOpening } from './document-opening.service.js';
import { CurrentReader, type DocumentReader } from './document-reader.type.js';
import { attachmentHeader } from './file-name.rules.js';

const STATUS = {
  ok: 200,
  created: 201,
  conflict: 409,
  tooLarge: 413,
  unsupportedType: 415,
  unprocessable: 422,
  unavailable: 503,
} as const;

const DOWNLOAD_IDLE_MAX_MS = 60_000;

/** A version's number: as many digits as the largest may have. */
const VERSION_NUMBER = /^[1-9]\d{0,2}$/;

/** Were it opened in a browser all the same, nothing in it could run, load or reach the page it came from. */
const HARMLESS = { 'content-security-policy': "sandbox; default-src 'none'" } as const;

/** Files in and out over HTTP, for staff who are signed in, by the same token as in the graph. */
@Controller('documents')
@UseGuards(SessionGuard)
@UseFilters(FaultAnswer)
export class DocumentController {
  readonly #pipe = new InputPipe();

  constructor(
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(DocumentOpening) private readonly opening: DocumentOpening,
    @Inject(UploadAddresses) uploads: UploadAddresses,
  ) {
    uploads.open(/^\/documents\/?$/);
    uploads.open(/^\/documents\/[^/]+\/versions\/?$/);
  }

  /** Files a document: a form with the fields of FileDocumentForm, and the file as its last part. */
  @Allow(Permission.FILE_DOCUMENT)
  @Post()
  async file(
    @CurrentReader() reader: DocumentReader,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tooLarge = this.documents.refuseForm(declaredBytes(request));
    if (tooLarge !== null) return answerRefusal(request, reply, tooLarge);
    const upload = await readUpload(request);
    const form = await this.#pipe.transform(upload.fields, { type: 'body', metatype: FileDocumentForm });
    if (!(form instanceof FileDocumentForm)) throw badInput('The form cannot be read.');
    const { patientId = null, subjectType, subjectId, kind, title, retentionClass } = form;
    const result = await this.documents.storeFor(reader, {
      patientId,
      subjectType,
      subjectId,
      kind,
      title,
      retentionClass,
      fileName: upload.fileName,
      mediaType: upload.mediaType,
      stream: upload.content,
    });
    answerFiled(request, reply, result);
  }

  /** Files a further version of a document: a form with the file alone. */
  @Allow(Permission.FILE_DOCUMENT)
  @Post(':id/versions')
  async fileVersion(
    @CurrentReader() reader: DocumentReader,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tooLarge = this.documents.refuseForm(declaredBytes(request));
    if (tooLarge !== null) return answerRefusal(request, reply, tooLarge);
    const { fields, fileName, mediaType, content } = await readUpload(request);
    const [unknown] = Object.keys(fields);
    if (unknown !== undefined) throw badInput('A further version is the file alone, without fields.');
    const result = await this.documents.storeVersion(reader, id, { fileName, mediaType, stream: content });
    answerFiled(request, reply, result);
  }

  /** What would be opened; its body is empty. Before `open`, which the framework would otherwise answer with. */
  @Allow(Permission.READ_DOCUMENT)
  @Head(':id/content')
  async look(
    @CurrentReader() reader: DocumentReader,
    @Param('id') id: string,
    @Query('version') version: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const facts = await this.opening.contentFacts(reader, id, versionOf(version));
    if (isRefusal(facts)) return answerRefusal(request, reply, facts);
    void withContentHeaders(reply, facts).send();
  }

  /** The content, as it was filed: always to be saved, never shown in place. */
  @Allow(Permission.READ_DOCUMENT)
  @Get(':id/content')
  async open(
    @CurrentReader() reader: DocumentReader,
    @Param('id') id: string,
    @Query('version') version: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const opened = await this.opening.openContent(reader, id, versionOf(version));
    if (isRefusal(opened)) return answerRefusal(request, reply, opened);
    // A reader that takes nothing for so long has gone without saying so.
    reply.raw.setTimeout(DOWNLOAD_IDLE_MAX_MS, () => reply.raw.destroy());
    void withContentHeaders(reply, opened).send(opened.content);
  }
}

/** As the sender declares it; 0 when nothing is declared. What comes is counted all the same. */
function declaredBytes(request: FastifyRequest): number {
  return Number(request.headers['content-length'] ?? 0);
}

function versionOf(text: unknown): number | null {
  if (text === undefined) return null;
  if (typeof text !== 'string' || !VERSION_NUMBER.test(text))
    throw badInput('version: must be a number from 1.');
  return Number(text);
}

function withContentHeaders(reply: FastifyReply, facts: ContentFacts): FastifyReply {
  return reply.code(STATUS.ok).headers({
    ...UNSHARED,
    ...HARMLESS,
    'content-type': facts.mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : facts.mediaType,
    'content-length': String(facts.sizeBytes),
    'content-disposition': attachmentHeader(facts.fileName),
  });
}

function answerFiled(request: FastifyRequest, reply: FastifyReply, result: FiledDocument | Refusal): void {
  if (isRefusal(result)) {
    answerRefusal(request, reply, result);
    return;
  }
  const { outcome, document } = result;
  void reply
    .code(outcome === 'ALREADY_FILED' ? STATUS.ok : STATUS.created)
    .headers({ ...UNSHARED, location: `/documents/${document.id}/content` })
    .send({ outcome, document: toJson(document) });
}

function answerRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  closeUnlessRead(request, reply);
  void reply
    .code(statusOf(refusal))
    .headers(UNSHARED)
    .send({ ...refusal });
}

function statusOf(refusal: Refusal): number {
  if (refusal instanceof DocumentsNotKept) return STATUS.unavailable;
  if (refusal instanceof DocumentNotOpenable || !(refusal instanceof FileNotAcceptable))
    return STATUS.conflict;
  switch (refusal.problem) {
    case FileProblem.TOO_LARGE:
      return STATUS.tooLarge;
    case FileProblem.TYPE_NOT_ALLOWED:
    case FileProblem.NOT_TEXT:
      return STATUS.unsupportedType;
    default:
      return STATUS.unprocessable;
  }
}

/** As the graph would say it: instants as text. */
function toJson(document: FiledDocument['document']): unknown {
  return JSON.parse(JSON.stringify(document));
}
