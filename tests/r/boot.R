# Percentile intervals of ICC(C,1) and ICC(A,1) over resampled targets, of every table in targets.csv with nine targets
# or more, by the boot package: 20,000 resamples each.
#
#     Rscript tests/r/boot.R tests/r/targets.csv tests/r/boot.csv
#
# boot.csv was written by R 4.2.2 with boot 1.3-28.1.

paths <- commandArgs(trailingOnly = TRUE)

coefficients <- function(ratings, drawn) {
  values <- as.matrix(ratings[drawn, ])
  n <- nrow(values)
  grand <- mean(values)
  msr <- 2 * sum((rowMeans(values) - grand)^2) / (n - 1)
  msc <- n * sum((colMeans(values) - grand)^2)
  rest <- values - outer(rowMeans(values), c(1, 1)) - outer(rep(1, n), colMeans(values)) + grand
  mse <- sum(rest^2) / (n - 1)
  c((msr - mse) / (msr + mse), (msr - mse) / (msr + mse + 2 * (msc - mse) / n))
}

set.seed(1)
targets <- read.csv(paths[1])
rows <- lapply(unique(targets$table), function(name) {
  ratings <- targets[targets$table == name, c("human", "judge")]
  if (nrow(ratings) < 9) return(NULL)
  drawn <- boot::boot(ratings, coefficients, R = 20000)
  ends <- lapply(1:2, function(which) quantile(drawn$t[, which], c(0.025, 0.975), na.rm = TRUE))
  data.frame(
    table = name,
    icc_c1_low = ends[[1]][1], icc_c1_high = ends[[1]][2], icc_a1_low = ends[[2]][1], icc_a1_high = ends[[2]][2]
  )
})
write.csv(do.call(rbind, rows), paths[2], row.names = FALSE, quote = FALSE)
