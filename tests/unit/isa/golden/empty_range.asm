.arg x 5..4
.arg y 0.5
.arg z 1.. = 2
.arg 9lives 0..1
.arg
.const kTwo 2
.const kThree = 
.param p = 1 ? 2
.state s = 1 << 63
.view
.
end
