package dev.servicepool.spring.docs;

import dev.servicepool.spring.autoconfigure.PoolRegistry;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Listener that docs/testing.md shows.
 */
class PoolResetListener implements TestExecutionListener {

	@Override
	public void afterTestClass(TestContext testContext) {
		if (testContext.hasApplicationContext()) {
			testContext.getApplicationContext().getBeanProvider(PoolRegistry.class).ifAvailable(PoolRegistry::reset);
		}
	}

}
