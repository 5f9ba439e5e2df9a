import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { TreatmentKind } from '../../platform/database/generated/enums.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { StaffNames } from '../auth/staff-name.type.js';
import { DiaryPolicyService } from './diary-policy.service.js';
import { learnedPlaces } from './learning.queries.js';
import { type LearnedPlace, learnedFrom } from './learning.rules.js';
import type { ClinicLearning, LearnedGroup, LearnedProportion } from './learning.type.js';
import { csvOf } from './learning-csv.rules.js';
import { LearningDimension } from './response-words.type.js';

type Cell = string | number | null;

const HEAD: readonly string[] = [
  ...[
    'kind',
    'dimension',
    'group',
    'label',
    'patients',
    'places',
    'positive',
    'negative',
    'partial',
    'undefined',
  ],
  ...['count', 'of', 'proportion', 'lower_95', 'upper_95'],
];

/** What the clinic learns of its own treatments, so that nobody is to be found again in it. */
@Injectable()
export class LearningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DiaryPolicyService) private readonly policies: DiaryPolicyService,
    @Inject(StaffNames) private readonly staff: StaffNames,
  ) {}

  /** By one kind: figures of all kinds together would give away those of a kind that is too small. The look is recorded. */
  async clinicLearning(actor: StaffActor, kind: TreatmentKind): Promise<ClinicLearning> {
    return this.#learned(actor, kind, 'learning.viewed');
  }

  /** The same as CSV (RFC 4180, UTF-8, with a head). That it was taken out is recorded. */
  async clinicLearningCsv(actor: StaffActor, kind: TreatmentKind): Promise<string> {
    const {
      whole,
      dimensions,
      predictiveValue: value,
    } = await this.#learned(actor, kind, 'learning.exported');
    const groups = [
      ...(whole === null ? [] : [groupCells(kind, 'ALL', whole)]),
      ...dimensions.flatMap(({ dimension, groups: own }) =>
        own.map((group) => groupCells(kind, dimension, group)),
      ),
    ];
    const values =
      value === null
        ? []
        : [
            valueCells(kind, 'SENSITIVITY', value.sensitivity),
            valueCells(kind, 'SPECIFICITY', value.specificity),
            valueCells(kind, 'POSITIVE_PREDICTIVE_VALUE', value.positivePredictiveValue),
            valueCells(kind, 'NEGATIVE_PREDICTIVE_VALUE', value.negativePredictiveValue),
          ];
    return csvOf([HEAD, ...groups, ...values]);
  }

  async #learned(actor: StaffActor, kind: TreatmentKind, action: string): Promise<ClinicLearning> {
    return this.database.transaction(async (tx) => {
      const policy = await this.policies.learningToday(tx);
      const { minimumCount } = policy;
      const places = await tx.$queryRaw<readonly LearnedPlace[]>(learnedPlaces(kind));
      const names = await this.staff.namesOf([...new Set(places.map(({ operatorId }) => operatorId))]);
      const { whole, dimensions, predictiveValue } = learnedFrom(places, minimumCount);
      await this.audit.record(tx, actor, { action, subjectType: 'learning', after: { kind, minimumCount } });
      return {
        ...{ kind, policy, predictiveValue },
        whole: whole === null ? null : { ...whole, label: 'All' },
        dimensions: dimensions.map(({ dimension, groups, hiddenCount }) => {
          const label = (key: string) =>
            dimension === LearningDimension.OPERATOR ? (names.get(key) ?? key) : key.replaceAll('_', ' ');
          return {
            dimension: LearningDimension[dimension],
            hiddenCount,
            groups: groups.map((group) => ({ ...group, label: label(group.key) })),
          };
        }),
      };
    });
  }
}

function groupCells(kind: string, dimension: string, group: LearnedGroup): readonly Cell[] {
  const { key, label, patientsCount, placesCount, positiveCount, negativeCount, partialCount } = group;
  return [
    ...[kind, dimension, key, label, patientsCount, placesCount],
    ...[positiveCount, negativeCount, partialCount, group.undefinedCount],
    ...proportionCells(group.positive),
  ];
}

function valueCells(kind: string, name: string, value: LearnedProportion | null): readonly Cell[] {
  return [kind, 'SCAN', name, null, null, null, null, null, null, null, ...proportionCells(value)];
}

function proportionCells(value: LearnedProportion | null): readonly Cell[] {
  return value === null
    ? [null, null, null, null, null]
    : [value.count, value.of, value.value, value.lower, value.upper];
}
