// Our own: a scanner asks the same all day long, byte for byte. What a query means is worked out once and remembered.

import type { Peer } from '../association/index.js';
import type { DataSet, TransferSyntax } from '../dataset/index.js';
import { Bounded } from '../wire/index.js';
import { AnswerPlan } from './answer-plan.js';
import { type CompiledIdentifier, compileIdentifier, withDefaultStation } from './identifier.js';
import { type Narrowing, toNarrowing } from './narrowing.js';
import { withEveryType2 } from './projection.js';
import type { QueryZone } from './time-zones.js';

/** A department's scanners with a few kinds of query each. */
const queriesMax = 64;
/** Longer identifiers are not usual queries; all that is remembered stays below two megabytes. */
const identifierBytesMax = 4 * 1024;
/** Ways to answer one query: profiles of scanners that ask alike. */
const waysMax = 4;

/** A query as it was sent. */
export interface Understood {
  readonly identifier: DataSet;
  readonly compiled: CompiledIdentifier;
  readonly fuzzyNames: boolean;
  /** Set when the query's days and times are those of another time zone than the items'. */
  readonly zone: QueryZone | null;
  readonly syntax: TransferSyntax;
}

/** A query as one peer means it, and how that peer is answered. */
export interface Meant {
  /** With the station filled in that it means when it names none. */
  readonly identifier: DataSet;
  readonly compiled: CompiledIdentifier;
  readonly narrowing: Narrowing;
  readonly plan: AnswerPlan;
}

interface Ways {
  readonly all: Bounded<Meant>;
  /** One scanner asks many times before another does. */
  last: { readonly peer: Peer; readonly meant: Meant } | null;
}

export class QueryMemory {
  private readonly understood = new Bounded<Understood>(queriesMax);
  private readonly ways = new WeakMap<Understood, Ways>();

  /** The query of these bytes; `understand` is called for one that is not remembered. What it throws is not either. */
  recall(
    bytes: Buffer,
    syntax: TransferSyntax,
    negotiated: Uint8Array | null,
    understand: () => Understood,
  ): Understood {
    if (bytes.length > identifierBytesMax) return understand();
    const key = `${syntax} ${negotiated?.join('.') ?? ''} ${bytes.toString('latin1')}`;
    const known = this.understood.get(key);
    if (known !== undefined) return known;
    const understood = understand();
    this.understood.set(key, understood);
    return understood;
  }

  /** What the query means from this peer. */
  meant(understood: Understood, peer: Peer): Meant {
    let ways = this.ways.get(understood);
    if (ways === undefined) {
      ways = { all: new Bounded(waysMax), last: null };
      this.ways.set(understood, ways);
    }
    if (ways.last?.peer === peer) return ways.last.meant;
    const key = [
      peer.defaultStationAETitle ?? '',
      peer.sendsEveryType2 === true,
      ...peer.responseCharacterSet,
    ].join('\\');
    const meant = ways.all.get(key) ?? toMeant(understood, peer);
    ways.all.set(key, meant);
    ways.last = { peer, meant };
    return meant;
  }
}

function toMeant({ identifier, compiled, fuzzyNames, zone, syntax }: Understood, peer: Peer): Meant {
  // It is searched by the station that it means, and told what it asked for.
  const effective = withDefaultStation(identifier, peer.defaultStationAETitle);
  const wanted = peer.sendsEveryType2 === true ? withEveryType2(identifier) : identifier;
  return {
    identifier: effective,
    compiled: effective === identifier ? compiled : compileIdentifier(effective, { fuzzyNames }),
    narrowing: toNarrowing(effective),
    plan: new AnswerPlan(wanted, syntax, peer.responseCharacterSet, zone),
  };
}
