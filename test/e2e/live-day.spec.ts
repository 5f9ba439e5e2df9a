import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { facetHouse } from '../support/facet.js';
import { signInAs } from '../support/graphql.js';
import { openLive } from '../support/live.js';
import { bookPhysiotherapy, requestPhysiotherapy } from './ordinary-visits.js';
import { referralOf } from './visits.js';

// The built service, from the desk to a colleague's screen, and to the end of the process.

const house = facetHouse();
const DAY = 'subscription ($date: LocalDate!) { dayChanged(date: $date) { date visitId version } }';

it('tells a colleague of a booking, and lets go of the screen when the service ends', async () => {
  const service = await house.start(await house.newHome());
  const reception = await signInAs(service, 'reception');
  const { token } = await signInAs(service, 'imaging');
  const { patient } = await referralOf(reception, 'Marsh');
  const requestId = await requestPhysiotherapy(reception, patient.id);
  const visitId = await bookPhysiotherapy(reception, patient.id, requestId);
  const { visit } = await reception.ask<{ visit: { startsAt: string; version: number } }>(
    'query V($id: ID!) { visit(id: $id) { startsAt version } }',
    { id: visitId },
  );
  // The demo clinic is in London, where an appointment in the daytime has the date that UTC has.
  const date = visit.startsAt.slice(0, 10);
  const screen = await openLive(service.httpUrl);
  expect(await screen.init(token)).toEqual({ type: 'connection_ack' });
  screen.subscribe(DAY, { date });
  await pause(500);
  const { cancelReasons } = await reception.ask<{ cancelReasons: { code: string; needsComment: boolean }[] }>(
    '{ cancelReasons { code needsComment } }',
  );
  const reasonCode = cancelReasons.find(({ needsComment }) => !needsComment)?.code;
  await reception.ask(
    'mutation C($input: CancelVisitInput!) { cancelVisit(input: $input) { ... on Visit { id } ... on Refusal { code } } }',
    { input: { visitId, version: visit.version, reasonCode } },
  );
  expect(await screen.next()).toEqual({
    type: 'next',
    id: '1',
    payload: { data: { dayChanged: { date, visitId, version: visit.version + 1 } } },
  });
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect((await screen.closed)[0]).toBe(1001);
});
