import { expect } from 'chai';
import { barPlot, linePlot } from '../../bench/report/plot.js';

describe('plots', () => {
  const bars = [
    { label: 'this library', value: 50, least: 40, most: 60, isOurs: true },
    { label: 'a & b', value: 100, least: 90, most: 110, isOurs: false },
  ];
  const plot = barPlot('CPU', 'µs', bars, String);

  it('have a bar as long as its value, and a whisker from the least to the most', () => {
    const widths = Array.from(plot.matchAll(/<rect .*?width="([\d.]+)"/g), ([, width]) => Number(width));
    expect(widths).to.deep.equal([200, 400]);
    expect(plot).to.match(/<line class="whisker" x1="530" y1="71" x2="610" y2="71"\/>/);
    expect(plot.match(/class="bar ours"/g)).to.have.length(1);
  });

  it('have a title, their unit, and what is XML escaped', () => {
    expect(plot).to.include('<title>CPU</title>').and.include('>µs</text>').and.include('a &amp; b');
  });

  it('are readable in the dark', () => {
    expect(plot).to.include('prefers-color-scheme: dark');
  });

  it('draw a line from zero', () => {
    const line = linePlot(
      'heap',
      'MB',
      [
        { x: 0, y: 5 },
        { x: 10, y: 10 },
      ],
      { x: String, y: String },
    );
    expect(line).to.include('points="80,183 860,66"');
  });
});
