// PS3.4 §K.4.1: the worklist in memory, arranged so that a scanner's query touches only what it asks for. Items of one
// day, station and modality stand in one row: keys that they share are asked once, and an id leads straight to its item.
import { mustFindKeyword, type Range, type Readable, type Tag } from '../dataset/index.js';
import type { CompiledIdentifier } from './identifier.js';
import type { Narrowing } from './narrowing.js';
import { moved, type QueryZone, widened } from './time-zones.js';
import { compareItems, idsOf, type WorklistItem } from './worklist-item.js';

/** Items that a query may concern. */
export interface Selection {
  /** In the order of the answers. Never changed afterwards: the index replaces a row when an item comes or goes. */
  readonly items: readonly WorklistItem[];
  /** What is still to be asked of each of them: true when it matches. Null: nothing. */
  readonly test: ((item: WorklistItem) => boolean) | null;
}

interface Row extends Readable {
  readonly stationAETitle: string;
  readonly modality: string;
  items: readonly WorklistItem[];
}

const tags = {
  station: mustFindKeyword('ScheduledStationAETitle').tag,
  modality: mustFindKeyword('Modality').tag,
  startDate: mustFindKeyword('ScheduledProcedureStepStartDate').tag,
};

/** Changes take effect for the next selection; one that is being answered goes on with what it found. */
export class WorklistIndex {
  private readonly byStepId = new Map<string, WorklistItem>();
  /** Most ids have one item, which then needs no list. */
  private readonly byId = new Map<string, WorklistItem | readonly WorklistItem[]>();
  private readonly days = new Map<string, Map<string, Row>>();
  /** Rises with each item that comes or goes: as long as it is the same, what was selected is as it was. */
  changeCount = 0;
  /** The keys of {@link days} in order. */
  private order: string[] = [];

  find(stepId: string): WorklistItem | undefined {
    return this.byStepId.get(stepId);
  }

  /** The items with this Patient ID, Accession Number or Requested Procedure ID. */
  itemsOf(id: string): readonly WorklistItem[] {
    const found = this.byId.get(id);
    if (found === undefined) return [];
    return isList(found) ? found : [found];
  }

  /** Adds items, or puts each in the place of the one with its id. Each row is arranged once. */
  putAll(items: readonly WorklistItem[]): void {
    const added = new Map<Row, WorklistItem[]>();
    this.changeCount += 1;
    for (const item of items) {
      this.remove(item.stepId);
      this.register(item);
      const row = this.rowOf(item);
      const list = added.get(row);
      if (list === undefined) added.set(row, [item]);
      else list.push(item);
    }
    // An id that came twice was registered twice: the later counts.
    for (const [row, list] of added) {
      const live = list.filter((item) => this.byStepId.get(item.stepId) === item);
      row.items = [...row.items, ...live].sort(compareItems);
    }
  }

  remove(stepId: string): void {
    const item = this.byStepId.get(stepId);
    if (item === undefined) return;
    this.changeCount += 1;
    this.byStepId.delete(stepId);
    for (const id of idsOf(item)) {
      this.setItems(
        id,
        this.itemsOf(id).filter((other) => other !== item),
      );
    }
    const rows = this.days.get(item.startDate);
    const row = rows?.get(rowKey(item));
    if (rows === undefined || row === undefined) return;
    row.items = row.items.filter((other) => other !== item);
    if (row.items.length > 0) return;
    rows.delete(rowKey(item));
    if (rows.size > 0) return;
    this.days.delete(item.startDate);
    this.order = this.order.filter((day) => day !== item.startDate);
  }

  /**
   * What may match, day after day. With a zone, the identifier's days and times are those of another time zone than the
   * items'; then each item is moved there before it is asked.
   */
  select(compiled: CompiledIdentifier, narrowing: Narrowing, zone: QueryZone | null): readonly Selection[] {
    const { findOtherMismatch } = compiled;
    const known = this.findKnown(narrowing);
    if (zone !== null) {
      const items = known ?? this.itemsWithin(widened(narrowing.startDate));
      const test = (item: WorklistItem) => compiled.findMismatch(moved(item.set.toDataSet(), zone)) === null;
      return [{ items: [...items].sort(compareItems), test }];
    }
    if (known !== null) {
      const test = (item: WorklistItem) => compiled.findMismatch(item.set) === null;
      return [{ items: [...known].sort(compareItems), test }];
    }
    const test =
      findOtherMismatch === null ? null : (item: WorklistItem) => findOtherMismatch(item.set) === null;
    const selections: Selection[] = [];
    for (const day of daysWithin(this.order, narrowing.startDate)) {
      const rows = [...(this.days.get(day)?.values() ?? [])].filter((row) => compiled.matchesShared(row));
      const [first, ...more] = rows;
      if (first === undefined) continue;
      const items = more.length === 0 ? first.items : rows.flatMap((row) => row.items).sort(compareItems);
      selections.push({ items, test });
    }
    return selections;
  }

  private itemsWithin(range: Range<string> | null): readonly WorklistItem[] {
    const rows = daysWithin(this.order, range).flatMap((day) => [...(this.days.get(day)?.values() ?? [])]);
    return rows.flatMap((row) => row.items);
  }

  private findKnown({ scheduledProcedureStepId, id }: Narrowing): readonly WorklistItem[] | null {
    if (scheduledProcedureStepId !== null) {
      const item = this.byStepId.get(scheduledProcedureStepId);
      return item === undefined ? [] : [item];
    }
    return id === null ? null : this.itemsOf(id);
  }

  private register(item: WorklistItem): void {
    this.byStepId.set(item.stepId, item);
    for (const id of idsOf(item)) this.setItems(id, [...this.itemsOf(id), item]);
  }

  private setItems(id: string, items: readonly WorklistItem[]): void {
    const [only, ...more] = items;
    if (only === undefined) this.byId.delete(id);
    else this.byId.set(id, more.length === 0 ? only : items);
  }

  private rowOf(item: WorklistItem): Row {
    let rows = this.days.get(item.startDate);
    if (rows === undefined) {
      rows = new Map();
      this.days.set(item.startDate, rows);
      this.order = [...this.order, item.startDate].sort();
    }
    const key = rowKey(item);
    let row = rows.get(key);
    if (row === undefined) {
      row = newRow(item);
      rows.set(key, row);
    }
    return row;
  }
}

function isList(found: WorklistItem | readonly WorklistItem[]): found is readonly WorklistItem[] {
  return Array.isArray(found);
}

function rowKey({ stationAETitle, modality }: WorklistItem): string {
  return `${stationAETitle}\\${modality}`;
}

/** A row reads like a step that holds only what its items share. */
function newRow({ stationAETitle, modality, startDate }: WorklistItem): Row {
  const shared = new Map<Tag, readonly string[]>([
    [tags.station, valuesOf(stationAETitle)],
    [tags.modality, valuesOf(modality)],
    [tags.startDate, valuesOf(startDate)],
  ]);
  return {
    stationAETitle,
    modality,
    items: [],
    textsAt: (tag) => shared.get(tag) ?? [],
    itemsAt: () => [],
  };
}

function valuesOf(text: string): readonly string[] {
  return text === '' ? [] : [text];
}

function daysWithin(order: readonly string[], range: Range<string> | null): readonly string[] {
  if (range === null) return order;
  const { from, to } = range;
  return order.filter((day) => (from === null || day >= from) && (to === null || day <= to));
}
