import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import type { findChainOffers, helpAtSites } from '../scheduling/diary.service.js';
import type { Swap } from './swap-help.service.js';
import type { OfferHelp, VisitOffer } from './visit-offer.type.js';

// What the search finds, as people see it.

type ChainSearch = Parameters<typeof findChainOffers>[0];
type ChainOffer = ReturnType<typeof findChainOffers>[number];

interface NamedResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly siteCode: string;
}

export type Names = ReadonlyMap<string, NamedResource>;

export function namesIn(
  ...searches: readonly ({
    readonly diary: readonly Pick<ChainSearch['diary'][number], 'id' | 'kind' | 'name' | 'siteId'>[];
  } | null)[]
): Names {
  return new Map(
    searches.flatMap((search) =>
      (search?.diary ?? []).map(
        ({ id, kind, name, siteId }) => [id, { id, kind, name, siteCode: siteId }] as const,
      ),
    ),
  );
}

/** An offer of the search as people see it. */
export function toOffer(offer: ChainOffer, chain: ChainSearch['chain'], names: Names): VisitOffer {
  const steps = offer.steps.map(({ startMs, endMs, resources }, position) => ({
    position,
    name: chain.steps[position]?.name ?? '',
    startsAt: instantOf(startMs),
    endsAt: instantOf(endMs),
    resources: resources.map(({ role, resourceId }) => ({ role, resource: mustHaveName(names, resourceId) })),
  }));
  return {
    startsAt: instantOf(offer.steps[0]?.startMs ?? 0),
    endsAt: instantOf(offer.steps.at(-1)?.endMs ?? 0),
    siteCode: siteOf(offer, names),
    steps,
    insidePromise: offer.insidePromise,
    beforeBreach: offer.beforeBreach,
    handovers: offer.handovers,
    unusableGaps: offer.unusableGaps,
    waitErrorMinutes: Math.round(offer.waitErrorMinutes),
  };
}

/** Of everything that serves it, which is at one site. */
function siteOf({ steps }: ChainOffer, names: Names): string | null {
  const [first] = steps.flatMap(({ resources }) => resources);
  return first === undefined ? null : mustHaveName(names, first.resourceId).siteCode;
}

export function toHelp(
  help: ReturnType<typeof helpAtSites>[number],
  chain: ChainSearch['chain'],
  names: Names,
): OfferHelp {
  const offer = toOffer(help.offer, chain, names);
  if (help.help !== 'EXTRA_SESSION')
    return { remedy: help.help, resource: null, session: null, movable: null, offer };
  return {
    remedy: help.help,
    resource: mustHaveName(names, help.resourceId),
    session: { startsAt: instantOf(help.startMs), endsAt: instantOf(help.endMs) },
    movable: null,
    offer,
  };
}

export function toSwap(swap: Swap, chain: ChainSearch['chain'], names: Names): OfferHelp {
  return {
    remedy: 'SWAP',
    resource: null,
    session: null,
    movable: {
      visitId: swap.holderId,
      version: swap.version,
      startsAt: instantOf(swap.startMs),
      movesTo: toOffer(swap.movesTo, chain, names),
    },
    offer: toOffer(swap.offer, chain, names),
  };
}

function mustHaveName(names: Names, id: string) {
  const resource = names.get(id);
  if (resource === undefined) throw new RangeError('an offer with a resource that was not in the diary');
  return resource;
}

function instantOf(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}
