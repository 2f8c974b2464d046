package dev.servicepool.spring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Cards that are dealt in a random order, all of them before any is dealt again: what can
 * happen does, after as many deals as there are cards. Any thread.
 *
 * @param <C> the type of the cards
 */
final class Deck<C extends Enum<C>> {

	private final List<C> cards;

	private final Random random;

	/** Guarded by this. */
	private final Deque<C> left = new ArrayDeque<>();

	/** How often each card was dealt. Guarded by this. */
	private final Map<C, Integer> dealt = new TreeMap<>();

	Deck(List<C> cards, long seed) {
		this.cards = List.copyOf(cards);
		this.random = new Random(seed);
		this.cards.forEach((card) -> this.dealt.put(card, 0));
	}

	synchronized C deal() {
		if (this.left.isEmpty()) {
			List<C> shuffled = new ArrayList<>(this.cards);
			Collections.shuffle(shuffled, this.random);
			this.left.addAll(shuffled);
		}
		C card = this.left.removeFirst();
		this.dealt.merge(card, 1, Integer::sum);
		return card;
	}

	/** Return how often each card was dealt. */
	synchronized Map<C, Integer> dealt() {
		return new TreeMap<>(this.dealt);
	}

}
