import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import {
  Incident,
  IncidentAssessment,
  IncidentClosing,
  IncidentNote,
  IncidentNotification,
} from './incident.type.js';

@Resolver(() => Incident)
export class IncidentNamesResolver extends NamedResolver {
  @Allow(Permission.READ_INCIDENT)
  @ResolveField(() => String, named('who raised it', 'READ_INCIDENT'))
  raisedByName(@Parent() { raisedById }: Incident, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, raisedById);
  }
}

@Resolver(() => IncidentAssessment)
export class IncidentAssessmentNamesResolver extends NamedResolver {
  @Allow(Permission.READ_INCIDENT)
  @ResolveField(() => String, named('who assessed it', 'READ_INCIDENT'))
  assessedByName(@Parent() { assessedById }: IncidentAssessment, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, assessedById);
  }
}

@Resolver(() => IncidentNotification)
export class IncidentNotificationNamesResolver extends NamedResolver {
  @Allow(Permission.READ_INCIDENT)
  @ResolveField(() => String, named('who recorded it', 'READ_INCIDENT'))
  recordedByName(
    @Parent() { recordedById }: IncidentNotification,
    @CurrentRequest() request: RequestContext,
  ) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => IncidentNote)
export class IncidentNoteNamesResolver extends NamedResolver {
  @Allow(Permission.READ_INCIDENT)
  @ResolveField(() => String, named('who noted it', 'READ_INCIDENT'))
  notedByName(@Parent() { notedById }: IncidentNote, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, notedById);
  }
}

@Resolver(() => IncidentClosing)
export class IncidentClosingNamesResolver extends NamedResolver {
  @Allow(Permission.READ_INCIDENT)
  @ResolveField(() => String, named('who closed it', 'READ_INCIDENT'))
  closedByName(@Parent() { closedById }: IncidentClosing, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, closedById);
  }
}

export const INCIDENT_NAMES_RESOLVERS = [
  IncidentNamesResolver,
  IncidentAssessmentNamesResolver,
  IncidentNotificationNamesResolver,
  IncidentNoteNamesResolver,
  IncidentClosingNamesResolver,
] as const;
