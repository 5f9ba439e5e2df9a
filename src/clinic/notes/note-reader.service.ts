import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Discipline } from '../../platform/database/generated/enums.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, localDate } from '../../platform/time/index.js';
import { DisciplineService } from '../auth/discipline.service.js';
import { Permission, rolesHold } from '../auth/permission.type.js';
import type { ReaderFacts } from './note.rules.js';

/** What somebody may read and write at this moment, by their account: a role that was taken away counts for nothing. */
@Injectable()
export class NoteReaderService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(DisciplineService) private readonly disciplines: Pick<DisciplineService, 'disciplinesOf'>,
  ) {}

  /** Whoever has no account that is open reads nothing but what they wrote themselves. */
  async reader(tx: Tx, id: string): Promise<ReaderFacts> {
    const account = await tx.staffAccount.findUnique({
      where: { id },
      select: { roles: true, disabledAt: true },
    });
    const roles = account === null || account.disabledAt !== null ? [] : account.roles;
    return {
      id,
      readsNotes: rolesHold(roles, Permission.READ_NOTE),
      readsPsychology: rolesHold(roles, Permission.READ_PSYCHOLOGY_NOTE),
      disciplines: await this.disciplinesToday(tx, id),
    };
  }

  /** In which disciplines somebody practises today, on the clinic's calendar. */
  async disciplinesToday(tx: Tx, id: string): Promise<readonly Discipline[]> {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    return (await this.disciplines.disciplinesOf(tx, [id], today)).get(id) ?? [];
  }

  /** The name under which somebody signs. */
  async nameOf(tx: Tx, id: string): Promise<string> {
    const account = await tx.staffAccount.findUnique({ where: { id }, select: { displayName: true } });
    if (account === null) throw new Fault('INTERNAL', 'A session has no staff account.');
    return account.displayName;
  }
}
