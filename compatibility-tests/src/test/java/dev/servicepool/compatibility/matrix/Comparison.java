package dev.servicepool.compatibility.matrix;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Rounds of a plain and of a pooled client. The rounds with the same position were run
 * one after the other, so that both met the same state of the machine.
 *
 * @param workload the calls of each round
 * @param pair the client library, and the server
 * @param plain the rounds of the plain client
 * @param pooled the rounds of the pooled client
 */
record Comparison(Workload workload, Pair pair, List<Round> plain, List<Round> pooled) {

	/** The number of pairs of rounds after which the compiler has little left to do. */
	static final int WARM_UP = 3;

	static final int ROUNDS = 7;

	/** Fewer calls do not determine a 99th percentile. */
	private static final int CALLS_FOR_P99 = 20_000;

	/**
	 * Run a round of each client, in an order that alternates. The first pairs of rounds
	 * are for the compiler.
	 */
	void measure(int number, TwoClients clients, URI plainUri, URI pooledUri) throws Exception {
		Round first = (number % 2 == 0) ? Round.run(this.workload, clients.plain(), plainUri)
				: Round.run(this.workload, clients.pooled(), pooledUri);
		Round second = (number % 2 == 0) ? Round.run(this.workload, clients.pooled(), pooledUri)
				: Round.run(this.workload, clients.plain(), plainUri);
		if (number >= WARM_UP) {
			this.plain.add((number % 2 == 0) ? first : second);
			this.pooled.add((number % 2 == 0) ? second : first);
		}
	}

	/** Return whether the 99th percentile is known. */
	boolean hasP99() {
		return this.workload.calls() * this.plain.size() >= CALLS_FOR_P99;
	}

	/**
	 * Return whether times can be compared. A failed call may take no time.
	 */
	boolean hasRatios() {
		return failed(this.plain) == 0 && failed(this.pooled) == 0;
	}

	/** Return whether more pooled than plain calls have failed. */
	boolean failsMoreOften() {
		return failed(this.pooled) > failed(this.plain);
	}

	static int failed(List<Round> rounds) {
		return rounds.stream().mapToInt(Round::failed).sum();
	}

	/** Return the median of a figure. */
	static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
		return median(rounds.stream().mapToDouble(figure).toArray());
	}

	/** Return the median of the ratios of pooled to plain. */
	double ratio(ToDoubleFunction<Round> figure) {
		return median(ratios(figure));
	}

	/**
	 * Return whether the ratio exceeds a limit: its median does, and a sign test over the
	 * pairs rejects at 5% that this is chance. Of seven pairs, all must exceed the limit.
	 */
	boolean exceeds(ToDoubleFunction<Round> figure, double limit) {
		return Arrays.stream(ratios(figure)).allMatch((ratio) -> ratio > limit);
	}

	/** Return whether the ratio is below a limit, in the same sense. */
	boolean isBelow(ToDoubleFunction<Round> figure, double limit) {
		return Arrays.stream(ratios(figure)).allMatch((ratio) -> ratio < limit);
	}

	private double[] ratios(ToDoubleFunction<Round> figure) {
		return IntStream.range(0, this.plain.size())
			.mapToDouble((i) -> figure.applyAsDouble(this.pooled.get(i)) / figure.applyAsDouble(this.plain.get(i)))
			.toArray();
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

}
