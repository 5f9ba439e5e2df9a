import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { ClinicalNote, NoteSection, NoteShare } from './note.type.js';
import { NoteHistoryEntry } from './note-history.type.js';

@Resolver(() => ClinicalNote)
export class ClinicalNoteNamesResolver extends NamedResolver {
  @Allow(Permission.READ_NOTE)
  @ResolveField(() => String, named('who began it', 'READ_NOTE'))
  begunByName(@Parent() { begunById }: ClinicalNote, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, begunById);
  }
}

@Resolver(() => NoteSection)
export class NoteSectionNamesResolver extends NamedResolver {
  @Allow(Permission.READ_OWN_SESSION)
  @ResolveField(() => String, named('its author', 'READ_OWN_SESSION'))
  authorName(@Parent() { authorId }: NoteSection, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, authorId);
  }
}

@Resolver(() => NoteShare)
export class NoteShareNamesResolver extends NamedResolver {
  @Allow(Permission.READ_NOTE)
  @ResolveField(() => String, named('who may read it', 'READ_NOTE'))
  staffName(@Parent() { staffId }: NoteShare, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, staffId);
  }

  @Allow(Permission.READ_NOTE)
  @ResolveField(() => String, named('who shared it', 'READ_NOTE'))
  sharedByName(@Parent() { sharedById }: NoteShare, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, sharedById);
  }
}

@Resolver(() => NoteHistoryEntry)
export class NoteHistoryNamesResolver extends NamedResolver {
  @Allow(Permission.READ_NOTE)
  @ResolveField(() => String, named('who did it', 'READ_NOTE'))
  staffName(@Parent() { staffId }: NoteHistoryEntry, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, staffId);
  }
}

export const NOTE_NAMES_RESOLVERS = [
  ClinicalNoteNamesResolver,
  NoteSectionNamesResolver,
  NoteShareNamesResolver,
  NoteHistoryNamesResolver,
] as const;
