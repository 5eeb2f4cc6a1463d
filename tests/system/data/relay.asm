; Spikes whenever its input is positive; counts its spikes.
.arg  gain 1..100 = 1        ; multiplies the input
.acc  input
.param gain = gain
.state sum
.state count
.view  ratio = sum / count
        rdc  r0, input, 6
        muls sum, r0, gain, 0
        cmp.gt sum, #0
        spk?f #1
        add?f count, count, #1
        end
