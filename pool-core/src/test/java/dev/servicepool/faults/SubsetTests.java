package dev.servicepool.faults;

import java.util.List;

import dev.servicepool.faults.SubsetExperiment.Churn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The required spread and churn of the connections of clients that prefer a subset of the
 * servers.
 */
@Tag("slow")
class SubsetTests {

	private static final int SEEDS = 100;

	/**
	 * The tolerance. With 10 servers, the standard error of 100 seeds is 2.4 %.
	 */
	private static final double TOLERANCE = 1.06;

	static List<SubsetExperiment> examples() {
		return SubsetExperiment.GRPC;
	}

	/** Each client of gRPC has a random subset, so that its mean spread is known. */
	@ParameterizedTest
	@MethodSource("examples")
	void spreadOfConnectionsIsAtMostThatOfRandomSubsets(SubsetExperiment experiment) {
		assertThat(experiment.spread(SEEDS)).isLessThanOrEqualTo(TOLERANCE * experiment.randomSpread());
	}

	@Test
	void replacedServerChangesAtMostOneServerPerClient() {
		for (SubsetExperiment experiment : SubsetExperiment.GRPC) {
			Churn churn = experiment.churn(SubsetExperiment.pools(1));
			assertThat(churn.most()).as("changed servers of %s", experiment).isLessThanOrEqualTo(1);
		}
	}

}
