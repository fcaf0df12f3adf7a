// A long text to stream, which leaves time to interrupt it.

export const story: string = `
A lighthouse keeper on a rock far from the coast wrote one letter a day to her sister, and one boat a week came to fetch
them. In the first years she gave the boat seven letters at once, and the sister read them in one evening and then
waited six days. The sister wrote back that the waiting was the worst of it: by Wednesday she no longer knew whether the
light still burned.

So the keeper built a signal lamp and learned to send words with it. She did not send letters any more; she sent each
word when she had it, and a boy on the shore read the flashes aloud to the people there. Sometimes he read half a
word, and the people waited for the rest, and that was fine, because they could see that it was coming.

One night a storm put out the lamp in the middle of a sentence. The boy ran to the sister and said what he had: "The
water has reached the". The sister asked whether that was the whole message. The boy said that he did not know. In the
old days, he said, a letter had a name at its end, and if the name was missing then so was a page. The lamp had no such
thing. The sister decided that from now on every message would close with three long flashes, and that nobody would
believe a message without them, however sensible it sounded.

The keeper, meanwhile, had noticed something else. Each evening she began with "as I told you yesterday", and the boy
of yesterday was not always the boy of today. A new boy knew nothing of yesterday. She could have sent the whole story
again every night, and for a while she did, but the story grew and the nights did not. In the end they kept a book on
the shore. Whatever was sent was written down when it was complete, and only then, and every new boy read the book
before he went to the lamp.

There were rules for the book, and each had cost somebody something. Two boys may not write in it at once. Half a
message is not written as if it were whole. A page is added, never changed. When two families used the same lamp, they
kept two books, and no one was allowed to read from one while writing in the other.

Years later an inspector came and asked why they did not send letters like everyone else. The keeper pointed at the
shore, where a small crowd stood in the dusk, reading along, and did not look as if they were waiting at all.
`
  .trim()
  .replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
