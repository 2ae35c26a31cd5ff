import { expectSound } from './expectSound.js';

describe('the consumer engine, on random schedules', function () {
  this.timeout(120_000);

  it('keeps its promises on a standard queue, with ackMap', () => expectSound({ isFifo: false, settles: 'ackMap' }));
  it('keeps its promises on a FIFO queue, with ackMap', () => expectSound({ isFifo: true, settles: 'ackMap' }));
  it('keeps its promises where messages are settled by hand', () => expectSound({ settles: 'byHand' }));
  it('keeps its promises where a second consumer takes over', () => expectSound({ hasSecond: true }));
  it('keeps its promises where nothing goes wrong at AWS', () => expectSound({ isCalm: true }));
});
