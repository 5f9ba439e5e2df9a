import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { Actor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import {
  type CompanionWish,
  type Suitable,
  type VisitChange,
  type VisitCompanion,
  VisitCompanions,
} from '../visits/visit-companion.service.js';
import { ScanFollowService } from './scan-follow.service.js';
import { ScanGateService } from './scan-gate.service.js';
import { ScanJudgeService } from './scan-judge.service.js';
import { ScannerService } from './scanner.service.js';

/** The code by which kinds of visit name this room. */
export const SCAN = 'SCAN';

/**
 * Scans are visits: this judges the place of each and its patient's coming, and follows it with its booking, its entries on
 * the worklist, its letters and its dose, in the transaction in which the visit is booked, moved, cancelled, missed or
 * expected again.
 */
@Injectable()
export class ScanCompanionService implements VisitCompanion {
  /** Whoever has the tracer in them is nobody else's patient until the scan is over. */
  readonly keepsPatient = true;

  constructor(
    @Inject(ScannerService) private readonly scanners: ScannerService,
    @Inject(ScanJudgeService) private readonly judges: ScanJudgeService,
    @Inject(ScanGateService) private readonly gates: ScanGateService,
    @Inject(ScanFollowService) private readonly followers: ScanFollowService,
    @Inject(VisitCompanions) companions: VisitCompanions,
  ) {
    companions.register(SCAN, this);
  }

  /** Cameras that a scanner stands at: a booking on another would be on nobody's worklist. */
  async suitable(tx: Tx): Promise<Suitable> {
    return { kind: ResourceKind.CAMERA, ids: await this.scanners.camerasWithScanner(tx) };
  }

  async judge(tx: Tx, wish: CompanionWish): Promise<Refusal | null> {
    return this.judges.judge(tx, wish);
  }

  async judgeArrival(tx: Tx, { id }: Visit): Promise<Refusal | null> {
    return this.gates.judgeArrival(tx, id);
  }

  async follow(tx: Tx, actor: Actor, change: VisitChange): Promise<void> {
    return this.followers.follow(tx, actor, change);
  }
}
