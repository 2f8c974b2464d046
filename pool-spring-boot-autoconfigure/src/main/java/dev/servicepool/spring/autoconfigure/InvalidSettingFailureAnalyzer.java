package dev.servicepool.spring.autoconfigure;

import dev.servicepool.InvalidSettingException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an {@link InvalidSettingException} of a pool that the application builds
 * itself.
 */
final class InvalidSettingFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSettingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingException cause) {
		return new FailureAnalysis(
				"A pool cannot be created: its setting '" + cause.setting() + "' is " + cause.value() + ".",
				"Change '" + cause.setting() + "' where the pool is built: it " + cause.constraint() + ".", cause);
	}

}
