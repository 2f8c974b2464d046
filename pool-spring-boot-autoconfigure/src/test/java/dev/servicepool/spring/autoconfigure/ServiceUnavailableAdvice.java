package dev.servicepool.spring.autoconfigure;

import dev.servicepool.PoolException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
class ServiceUnavailableAdvice {

	private static final Log logger = LogFactory.getLog(ServiceUnavailableAdvice.class);

	@ExceptionHandler
	ResponseEntity<ProblemDetail> noService(PoolException ex) {
		// Log only, because it contains server names and paths.
		logger.warn(ex.getMessage());
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"Too many requests for " + ex.getPoolName() + " at present");
		return ResponseEntity.of(problem).header(HttpHeaders.RETRY_AFTER, "1").build();
	}

}
