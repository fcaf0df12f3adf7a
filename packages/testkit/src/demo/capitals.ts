// What the demo model knows of the world: a few countries and their capitals.

export const capitals: ReadonlyMap<string, string> = new Map([
  ['France', 'Paris'],
  ['Germany', 'Berlin'],
  ['Italy', 'Rome'],
  ['Spain', 'Madrid'],
  ['Japan', 'Tokyo'],
  ['India', 'New Delhi'],
  ['Brazil', 'Brasília'],
  ['Canada', 'Ottawa'],
  ['Australia', 'Canberra'],
  ['Kenya', 'Nairobi'],
]);
