import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { Document } from './document.type.js';
import { DocumentListService } from './document-list.service.js';
import { CurrentReader, type DocumentReader } from './document-reader.type.js';

const DOCUMENTS = Symbol('documents of patients');

/** Patient.documents: the room that owns the documents adds the field. */
@Resolver(() => Patient)
export class PatientDocumentsResolver {
  constructor(@Inject(DocumentListService) private readonly list: DocumentListService) {}

  @Allow(Permission.READ_DOCUMENT)
  @ResolveField(() => [Document], {
    description:
      'The newest 50 documents about the patient, newest first, without those that are withdrawn or belong to what the ' +
      'caller may not read. Needs READ_DOCUMENT; the look is recorded.',
  })
  async documents(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentReader() reader: DocumentReader,
  ) {
    const loader = requestLoader(request, DOCUMENTS, (ids) => this.list.ofPatients(reader, ids));
    return (await loader.load(patient.id)) ?? [];
  }
}
