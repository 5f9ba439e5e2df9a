import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { OpenToSignedOut } from '../../platform/graphql/access.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Fault } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission, type StaffCaller } from './permission.type.js';
import { SessionService } from './session.service.js';
import {
  AddStaffAccountInput,
  AddStaffAccountResult,
  CurrentStaff,
  DisableStaffAccountResult,
  ResetStaffPasswordInput,
  SignInInput,
  SignInResult,
  StaffAccount,
  StaffSession,
} from './session.type.js';
import { StaffService } from './staff.service.js';

@Resolver(() => StaffSession)
export class SessionResolver {
  constructor(
    @Inject(SessionService) private readonly sessions: SessionService,
    @Inject(StaffService) private readonly staff: StaffService,
  ) {}

  @OpenToSignedOut()
  @Mutation(() => SignInResult, {
    description: 'Starts a session. Open to people who are not signed in; every try is recorded.',
  })
  signIn(
    @CurrentRequest() request: RequestContext,
    @Args('input', { type: () => SignInInput, description: 'Who, and the password.' }) input: SignInInput,
  ) {
    return this.sessions.signIn(input, request);
  }

  @Allow(Permission.READ_OWN_SESSION)
  @Mutation(() => StaffSession, { description: 'Ends this session. Its token serves no more.' })
  signOut(@CurrentRequest() request: RequestContext<StaffCaller>) {
    const caller = callerOf(request);
    return this.sessions.revokeSession(caller.actor, caller.sessionId);
  }

  @Allow(Permission.READ_OWN_SESSION)
  @Query(() => CurrentStaff, { description: 'Who is signed in, with roles and permissions.' })
  currentStaff(@CurrentRequest() request: RequestContext<StaffCaller>) {
    return this.sessions.currentStaff(callerOf(request));
  }

  @Allow(Permission.MANAGE_STAFF)
  @Query(() => [StaffAccount], { description: 'Every staff account, by name. Needs MANAGE_STAFF.' })
  staffAccounts() {
    return this.staff.staffAccounts();
  }

  @Allow(Permission.MANAGE_STAFF)
  @Query(() => [StaffSession], {
    description: 'Sessions of an account that still serve. Needs MANAGE_STAFF.',
  })
  staffSessions(
    @Args('accountId', { type: () => ID, description: 'Whose sessions.' }, ParseUUIDPipe) accountId: string,
  ) {
    return this.sessions.staffSessions(accountId);
  }

  @Allow(Permission.MANAGE_STAFF)
  @Mutation(() => StaffSession, { description: 'Ends somebody’s session at once. Needs MANAGE_STAFF.' })
  revokeSession(
    @CurrentActor() actor: StaffActor,
    @Args('sessionId', { type: () => ID, description: 'Which session.' }, ParseUUIDPipe) sessionId: string,
  ) {
    return this.sessions.revokeSession(actor, sessionId);
  }

  @Allow(Permission.MANAGE_STAFF)
  @Mutation(() => AddStaffAccountResult, { description: 'Adds a member of staff. Needs MANAGE_STAFF.' })
  addStaffAccount(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => AddStaffAccountInput, description: 'The new account.' })
    input: AddStaffAccountInput,
  ) {
    return this.staff.addStaffAccount(actor, input);
  }

  @Allow(Permission.MANAGE_STAFF)
  @Mutation(() => StaffAccount, {
    description:
      'Gives somebody a new password. A locked account is open again; its sessions end at once. Needs MANAGE_STAFF.',
  })
  resetStaffPassword(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => ResetStaffPasswordInput, description: 'Whose, and the new one.' })
    input: ResetStaffPasswordInput,
  ) {
    return this.staff.resetStaffPassword(actor, input);
  }

  @Allow(Permission.MANAGE_STAFF)
  @Mutation(() => DisableStaffAccountResult, {
    description: 'An account can no longer sign in; its sessions end at once. Needs MANAGE_STAFF.',
  })
  disableStaffAccount(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Which account.' }, ParseUUIDPipe) id: string,
  ) {
    return this.staff.disableStaffAccount(actor, id);
  }
}

function callerOf(request: RequestContext<StaffCaller>): StaffCaller {
  if (request.caller === null) throw new Fault('UNAUTHENTICATED', 'Sign in first: there is no session.');
  return request.caller;
}
