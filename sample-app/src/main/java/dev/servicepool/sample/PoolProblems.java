package dev.servicepool.sample;

import dev.servicepool.PoolException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Tells a caller for whom the pool had no service to come again later.
 */
@RestControllerAdvice
class PoolProblems {

	@ExceptionHandler
	ProblemDetail noService(PoolException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage());
	}

}
