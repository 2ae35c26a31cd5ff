import { expectSound } from './expectSound.js';

describe('the producer engine, on random schedules', function () {
  this.timeout(120_000);

  it('keeps its promises on standard topics', () => expectSound({ kinds: ['standard'] }));
  it('keeps its promises on FIFO topics', () => expectSound({ kinds: ['byId', 'byContent'] }));
  it('reads an iterable as fast as SNS accepts, and no faster', () => expectSound({ doors: ['publishFrom'] }));
  it('keeps its promises where answers take minutes', () => expectSound({ isSlow: true }));
  it('keeps its promises where nothing goes wrong at AWS', () => expectSound({ isCalm: true }));
});
