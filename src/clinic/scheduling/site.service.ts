import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ClosedTimeService } from './closed-time.service.js';
import { InThePast } from './schedule.refusals.js';
import { LOCK_SITE_TO_RETIRE, LOCK_SITES_TO_USE } from './site.queries.js';
import { SiteCodeTaken, SiteInUse, SiteNotSaid, SiteRetired } from './site.refusals.js';
import { type AddSiteInput, type RetireSiteInput, type Site, toSite } from './site.type.js';

/** Where the clinic works. A site is never deleted: visits have happened there. */
@Injectable()
export class SiteService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** By code, those that are given up too. */
  async sites(): Promise<readonly Site[]> {
    const rows = await this.database.client.site.findMany({ orderBy: { code: 'asc' } });
    return rows.map(toSite);
  }

  async addSite(actor: Actor, input: AddSiteInput): Promise<Site | SiteCodeTaken> {
    return this.database.transaction<Site, SiteCodeTaken>(
      async (tx) => {
        const row = await tx.site.create({
          data: { code: input.code, name: input.name, addressLines: input.addressLines ?? [] },
        });
        const site = toSite(row);
        await this.audit.record(tx, actor, {
          action: 'site.added',
          subjectType: 'site',
          subjectId: site.code,
          after: site,
        });
        return site;
      },
      { onConstraint: { sites_pkey: () => new SiteCodeTaken() } },
    );
  }

  /** Refused while anything there can be booked on that day or later: what is booked is on something. */
  async retireSite(actor: Actor, input: RetireSiteInput): Promise<Site | SiteInUse | InThePast> {
    const from = Temporal.PlainDate.from(input.retiredOn);
    if (this.closedTime.isOver(from)) return new InThePast();
    const { siteCode: code } = input;
    const retiredOn = dateFromPlainDate(from);
    return this.database.transaction(async (tx) => {
      const locked = await tx.$queryRawUnsafe<readonly unknown[]>(LOCK_SITE_TO_RETIRE, code);
      if (locked.length === 0) throw notFound('site');
      const live = await tx.resource.findMany({
        where: { siteCode: code, OR: [{ retiredOn: null }, { retiredOn: { gt: retiredOn } }] },
        select: { name: true },
        orderBy: { name: 'asc' },
      });
      if (live.length > 0) return new SiteInUse(live.map(({ name }) => name));
      const before = await tx.site.findUniqueOrThrow({ where: { code } });
      const after = await tx.site.update({ where: { code }, data: { retiredOn } });
      await this.audit.record(tx, actor, {
        action: 'site.retired',
        subjectType: 'site',
        subjectId: code,
        before: toSite(before),
        after: toSite(after),
      });
      return toSite(after);
    });
  }
}

/**
 * The site at which something new is to be, which stays open until the transaction ends: the one that is named, or the
 * only one that is open. Throws NOT_FOUND.
 */
export async function siteToUse(
  tx: Tx,
  code: string | null,
): Promise<{ readonly siteCode: string } | SiteNotSaid | SiteRetired> {
  const sites = await tx.$queryRawUnsafe<
    readonly { readonly code: string; readonly name: string; readonly isRetired: boolean }[]
  >(LOCK_SITES_TO_USE, code);
  const open = sites.filter(({ isRetired }) => !isRetired);
  const [only] = open;
  if (code === null) {
    return only === undefined || open.length > 1
      ? new SiteNotSaid(open.map((site) => site.code))
      : { siteCode: only.code };
  }
  const [named] = sites;
  if (named === undefined) throw notFound('site');
  return named.isRetired ? new SiteRetired(named.name) : { siteCode: code };
}
