package dev.servicepool.sample;

import dev.servicepool.PoolException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Exception handler that responds with status 503 if no service was available. The reason
 * is only logged, because it contains internal details.
 */
@RestControllerAdvice
class PoolProblems {

	/** Detail of the response, which reveals nothing about the pool. */
	private static final String DETAIL = "This service is not available at the moment. Try again later.";

	private static final Log logger = LogFactory.getLog(PoolProblems.class);

	@ExceptionHandler
	ProblemDetail noService(PoolException ex) {
		logger.warn(ex.getMessage());
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, DETAIL);
	}

}
